import { join } from 'node:path';
import { runAll } from '../../lab/run.ts';

const KiB = 1024;

/** Numbers from 0 to 1 that are the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Makes a chain of all sorts: cluster sizes, subclusters, compressed, zeroed and discarded pieces, a raw base with holes,
 * images of different length. Paths from the active image down, with their formats.
 */
export async function makeRandomChain(
  folder: string,
  random: () => number,
): Promise<{ path: string; format: string }[]> {
  const pick = (...choices: readonly number[]): number => choices[Math.floor(random() * choices.length)] ?? 0;
  const commands: string[][] = [];
  const made: { path: string; format: string; size: number }[] = [];
  const depth = pick(2, 3, 4, 5);
  for (let level = 0; level < depth; level++) {
    const below = made.at(-1);
    const active = level === depth - 1;
    const format = below === undefined && random() < 0.3 ? 'raw' : 'qcow2';
    const cluster = pick(512, 4 * KiB, 64 * KiB, 64 * KiB, 2048 * KiB);
    const size =
      below === undefined || random() < 0.3
        ? pick(3, 5, 8) * 2048 * KiB - pick(0, 512, 70 * KiB)
        : below.size;
    const path = join(folder, `${level}.${format}`);
    const options = format === 'raw' ? [] : [`cluster_size=${cluster}`, `refcount_bits=${pick(16, 64)}`];
    // A pull into an active image with subclusters is refused, see `extendedL2Aborts`.
    if (format === 'qcow2' && !active && cluster >= 64 * KiB && random() < 0.4)
      options.push('extended_l2=on');
    commands.push([
      ...['qemu-img', 'create', '-q', '-f', format],
      ...(options.length === 0 ? [] : ['-o', options.join()]),
      ...(below === undefined ? [] : ['-u', '-b', below.path, '-F', below.format]),
      ...[path, String(size)],
    ]);
    const kinds = format === 'raw' ? PLAIN : KINDS;
    const writes = Array.from({ length: Math.floor(random() * 12) }, () => {
      const offset = Math.floor((random() * size) / 512) * 512;
      const length = Math.min(pick(512, 4 * KiB, 300 * KiB), size - offset);
      return `${kinds[Math.floor(random() * kinds.length)]} ${offset} ${length}`;
    });
    // Once and first: QEMU 7.2 spoils an image where a large cluster is compressed over another.
    if (format === 'qcow2' && cluster <= 64 * KiB && random() < 0.5) {
      writes.unshift(`write -c -P 5 ${cluster * pick(0, 3, 9)} ${cluster}`);
    }
    if (writes.length > 0)
      commands.push(['qemu-io', '-f', format, ...writes.flatMap((write) => ['-c', write]), path]);
    made.push({ path, format, size });
  }
  await runAll(commands);
  return made.toReversed();
}

const PLAIN = ['write -P 7', 'write -P 9'];
const KINDS = [...PLAIN, 'write -P 0', 'write -z', 'discard'];
