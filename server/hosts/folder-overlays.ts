import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { backingNames, START_BYTES } from './backing-names.ts';
import { Turns } from './turns.ts';

/** An image file, and the paths that it may mean by its backing image. */
export interface FoundOverlay {
  readonly path: string;
  readonly backing: readonly string[];
}

/** So many files are open at once, however large a folder is. */
const FILES_AT_ONCE = 32;

/** The images of these folders that have a backing image, by their headers. What can't be read is left out. */
export async function overlaysIn(folders: Iterable<string>): Promise<readonly FoundOverlay[]> {
  const turns = new Turns(FILES_AT_ONCE);
  const listed = await Promise.all([...folders].map((folder) => unlessUnreadable(readdir(folder), [])));
  const paths = [...folders].flatMap((folder, i) => (listed[i] ?? []).map((name) => join(folder, name)));
  const found = paths.map((path) => turns.take(() => unlessUnreadable(overlayAt(path), null)));
  return (await Promise.all(found)).filter((overlay) => overlay !== null);
}

async function overlayAt(path: string): Promise<FoundOverlay | null> {
  // To open a pipe would be to wait for somebody who writes.
  if (!(await stat(path)).isFile()) return null;
  await using file = await open(path, 'r');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(START_BYTES), 0, START_BYTES, 0);
  const backing = backingNames(buffer.subarray(0, bytesRead), path);
  return backing.length === 0 ? null : { path, backing };
}

async function unlessUnreadable<T>(work: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work;
  } catch (error) {
    // Of the file system: it is gone meanwhile, or this process may not look.
    if (error instanceof Error && 'code' in error) return otherwise;
    throw error;
  }
}
