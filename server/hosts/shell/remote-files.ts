import type { SshTarget } from '../../libvirt/index.ts';
import { runRemotely } from './remote-shell.ts';

/** A file of another host, as its `stat` reports it. */
export interface FileStamp {
  /** Another text after every write into a settled file. */
  readonly version: string;
  /** False for a device, which has no time of its last write, and for a file that may be written again with the same times. */
  readonly settled: boolean;
  /** Bytes, holes too. */
  readonly length: number;
  /** Bytes on its file system. */
  readonly allocated: number;
}

/** Seconds. Times of files are up to two seconds coarse, by file system. */
const COARSEST = 3;
/** Device, inode, length, blocks and their size, times to the nanosecond and in seconds, and type. */
const FORMAT = '%d %i %s %b %B %y %z|%Y %Z %F';

/** Part of a shell script: prints a line for a file, `-` where there is none, and a line with the host's time. */
export const STAMP = (file: string) =>
  `{ stat -L -c '${FORMAT}' -- ${file} 2>/dev/null || echo -; }; date +%s`;

const SCRIPT = `export LC_ALL=C; for file in "$@"; do ${STAMP('"$file"')}; done`;

/** One stamp for each path, `null` for what is no file or block device. Throws `RemoteShellError`. */
export async function readStamps(
  target: SshTarget,
  paths: readonly string[],
  deadline: number,
): Promise<readonly (FileStamp | null)[]> {
  let output = '';
  await runRemotely(target, { script: SCRIPT, words: paths, deadline }, (text) => {
    output += text;
  });
  const lines = output.split('\n');
  return paths.map((_, at) => stampOf(lines[2 * at] ?? '', Number(lines[2 * at + 1])));
}

/** Parses a line that `STAMP` prints. @param now the host's clock, seconds since 1970 */
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
