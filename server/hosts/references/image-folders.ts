import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Every folder of this machine that one of these files lies in, and these folders themselves; each once, however it is called. */
export async function foldersOf(
  files: Iterable<string>,
  folders: Iterable<string>,
): Promise<ReadonlySet<string>> {
  const resolved = (path: string) => realpath(path).catch(() => path);
  const found = new Set<string>();
  for (const path of new Set(files)) {
    // A link's own folder, and the one that the file is in.
    found.add(await resolved(dirname(path)));
    found.add(dirname(await resolved(path)));
  }
  for (const folder of folders) found.add(await resolved(folder));
  return found;
}
