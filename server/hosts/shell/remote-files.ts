import type { SshTarget } from '../../libvirt/index.ts';
import { runRemotely } from './remote-shell.ts';

/** A file of another host as its `stat` tells it. */
export interface FileStamp {
  /** Another one after every write into a file that is settled, as far as a file system's clock can tell. */
  readonly version: string;
  /** Not so a device, which has no time of its last write, nor a file that may have been written again since its last stamp. */
  readonly settled: boolean;
  /** Bytes, holes too. */
  readonly length: number;
  /** Bytes on its file system. */
  readonly allocated: number;
}

/** Seconds: file systems stamp files by a clock that stands still for as long as two of them. */
const COARSEST = 3;
/** Device, number, length, blocks and their size, times to the nanosecond and in seconds, and what it is. */
const FORMAT = '%d %i %s %b %B %y %z|%Y %Z %F';

/** A script's piece that prints a line for the file in a shell's variable, `-` where there is none, and in another line the time. */
export const STAMP = (file: string) =>
  `{ stat -L -c '${FORMAT}' -- ${file} 2>/dev/null || echo -; }; date +%s`;

const SCRIPT = `export LC_ALL=C; for file in "$@"; do ${STAMP('"$file"')}; done`;

/** One for each path, `null` for what is no file or block device. Throws `RemoteShellError`. */
export async function readStamps(
  target: SshTarget,
  paths: readonly string[],
  deadline: number,
): Promise<readonly (FileStamp | null)[]> {
  let said = '';
  await runRemotely(target, { script: SCRIPT, words: paths, deadline }, (text) => {
    said += text;
  });
  const lines = said.split('\n');
  return paths.map((_, at) => stampOf(lines[2 * at] ?? '', Number(lines[2 * at + 1])));
}

/** @param now the host's clock, seconds since 1970 */
export function stampOf(line: string, now: number): FileStamp | null {
  const [identity = '', times = ''] = line.split('|');
  const [, , length, blocks, blockSize] = identity.split(' ').map(Number);
  const [modified = '', changed = '', ...kind] = times.split(' ');
  const isFile = kind[0] === 'regular';
  if (!isFile && kind[0] !== 'block') return null;
  const settled = now - Math.max(Number(modified), Number(changed)) >= COARSEST;
  return {
    version: identity,
    settled: isFile && settled,
    length: length ?? 0,
    allocated: (blocks ?? 0) * (blockSize ?? 0),
  };
}
