import type { BigIntStats } from 'node:fs';
import { lstat, open, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { backingNames, hasUnreadBacking, START_BYTES } from '../images/backing-names.ts';
import { identityOf } from '../images/file-identity.ts';
import { readQcow2Header } from '../images/qcow2-header.ts';
import { Turns } from '../shell/turns.ts';

/** A file of a folder, by its first bytes. */
export interface FoundFile {
  readonly path: string;
  readonly identity: string;
  /** Whether it has a qcow2 header. A file without one may be a raw image or anything else. */
  readonly qcow2: boolean;
  /** Whether the name is a symbolic link, so that deleting it would not delete the image. */
  readonly link: boolean;
  /** Paths that its backing image and its data file may have; empty for none. */
  readonly backing: readonly string[];
  readonly virtualSize: number | null;
  /** Bytes allocated on the file system. */
  readonly allocated: number;
  /** Length in bytes, including holes. */
  readonly length: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
}

/** The files of folders, and what could not be read. */
export interface FoundFiles {
  readonly files: readonly FoundFile[];
  /** Paths of folders and files that exist and can't be read. */
  readonly unread: readonly string[];
}

/** Files that are open at once, however large a folder is. */
const FILES_AT_ONCE = 32;
const BLOCK = 512;

/** Reads the headers of the files in these folders, but not in folders below them. */
export async function filesIn(folders: Iterable<string>): Promise<FoundFiles> {
  const turns = new Turns(FILES_AT_ONCE);
  const unread: string[] = [];
  const orElse = async <T>(path: string, work: Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      // A missing file or folder hides nothing.
      if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') unread.push(path);
      return otherwise;
    }
  };
  const listed = await Promise.all(
    [...folders].map(async (folder) => {
      const names = await orElse(folder, readdir(folder), []);
      return names.map((name) => join(folder, name));
    }),
  );
  const found = listed.flat().map((path) => turns.take(() => orElse(path, fileAt(path), null)));
  const files = (await Promise.all(found)).filter((file) => file !== null);
  const mute = files.filter(({ unclear }) => unclear).map(({ path }) => path);
  return { files, unread: [...unread, ...mute] };
}

/** One file; `null` for what is no ordinary file or doesn't exist. Throws where it can't be read. */
export async function fileNow(path: string): Promise<FoundFile | null> {
  try {
    return await fileAt(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

async function fileAt(path: string): Promise<(FoundFile & { readonly unclear: boolean }) | null> {
  // Opening a pipe would wait for a writer.
  const found: BigIntStats = await stat(path, { bigint: true });
  if (!found.isFile()) return null;
  await using file = await open(path, 'r');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(START_BYTES), 0, START_BYTES, 0);
  const start = buffer.subarray(0, bytesRead);
  const header = readQcow2Header(start);
  const link = (await lstat(path)).isSymbolicLink();
  return {
    path,
    identity: identityOf(found),
    qcow2: header !== null,
    link,
    // QEMU resolves names against the path by which it opens an image, so a link and its file may mean different ones.
    backing: [
      ...new Set([...backingNames(start, path), ...(link ? backingNames(start, await realpath(path)) : [])]),
    ],
    virtualSize: header?.virtualSize ?? null,
    allocated: Number(found.blocks) * BLOCK,
    length: Number(found.size),
    modifiedAt: Number(found.mtimeMs),
    unclear: hasUnreadBacking(start),
  };
}
