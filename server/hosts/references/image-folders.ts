import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Real paths of these folders and of the folders of these files, on this machine, each once. */
export async function foldersOf(
  files: Iterable<string>,
  folders: Iterable<string>,
): Promise<ReadonlySet<string>> {
  const resolved = (path: string) => realpath(path).catch(() => path);
  const found = new Set<string>();
  for (const path of new Set(files)) {
    // For a link both its own folder and the file's.
    found.add(await resolved(dirname(path)));
    found.add(dirname(await resolved(path)));
  }
  for (const folder of folders) found.add(await resolved(folder));
  return found;
}
