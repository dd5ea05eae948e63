import { join } from 'node:path';
import { runAll } from '../../lab/run.ts';

const KiB = 1024;
const MiB = 1024 * KiB;

/** What sort of chain: `uniform` ones have one cluster size and nothing that leaves a doubt. */
export type Sort = 'uniform' | 'mixed' | 'everything';

export interface MadeImage {
  readonly path: string;
  readonly format: 'qcow2' | 'raw';
}

/**
 * Makes a chain of some MiB. `uniform`: one cluster size, data. `mixed`: cluster sizes, zeroed and discarded pieces. `everything`:
 * compressed pieces, subclusters, a raw base with holes, images of different length too. From the active image down.
 */
export async function makeLayeredChain(
  folder: string,
  name: string,
  sort: Sort,
  random: () => number,
): Promise<readonly MadeImage[]> {
  const pick = <T>(choices: readonly [T, ...T[]]): T =>
    choices[Math.floor(random() * choices.length)] ?? choices[0];
  const commands: string[][] = [];
  const made: (MadeImage & { size: number })[] = [];
  const depth = pick([3, 4, 5]);
  const same = pick([64 * KiB, 64 * KiB, 4 * KiB, 16 * KiB, 256 * KiB]);
  for (let level = 0; level < depth; level++) {
    const below = made.at(-1);
    const format = sort === 'everything' && below === undefined && random() < 0.4 ? 'raw' : 'qcow2';
    const cluster = sort === 'uniform' ? same : pick([4 * KiB, 64 * KiB, 64 * KiB, 128 * KiB, 256 * KiB]);
    const grows = sort === 'everything' && random() < 0.4;
    const size: number =
      below === undefined ? 64 * MiB : below.size + (grows ? pick([MiB, 9 * MiB + 512]) : 0);
    const path = join(folder, `${name}-${level}.${format}`);
    const options = format === 'raw' ? [] : [`cluster_size=${cluster}`];
    // A pull into an active image with subclusters is refused, see `extendedL2Aborts`.
    const subclusters = sort === 'everything' && level < depth - 1 && cluster >= 64 * KiB && random() < 0.3;
    if (format === 'qcow2' && subclusters) options.push('extended_l2=on');
    commands.push([
      ...['qemu-img', 'create', '-q', '-f', format],
      ...(options.length === 0 ? [] : ['-o', options.join()]),
      ...(below === undefined ? [] : ['-u', '-b', below.path, '-F', below.format]),
      ...[path, String(size)],
    ]);
    const kinds = sort === 'uniform' || format === 'raw' ? PLAIN : KINDS;
    const writes = Array.from({ length: 4 + Math.floor(random() * 16) }, () => {
      const offset = Math.floor((random() * size) / 512) * 512;
      const length = Math.min(pick([4 * KiB, 300 * KiB, MiB, 3 * MiB]), size - offset);
      return `${pick(kinds)} ${offset} ${length}`;
    });
    // Once and first: QEMU 7.2 spoils an image where a large cluster is compressed over another.
    if (sort === 'everything' && format === 'qcow2' && cluster <= 64 * KiB && random() < 0.5) {
      const first = pick([0, 3, 9]) * cluster;
      writes.unshift(...[0, 1, 2, 3].map((at) => `write -q -c -P 5 ${first + at * cluster} ${cluster}`));
    }
    commands.push(['qemu-io', '-f', format, ...writes.flatMap((write) => ['-c', write]), path]);
    made.push({ path, format, size });
  }
  await runAll(commands);
  return made.toReversed().map(({ path, format }) => ({ path, format }));
}

const PLAIN: readonly [string, ...string[]] = ['write -q -P 7', 'write -q -P 9'];
const KINDS: readonly [string, ...string[]] = [...PLAIN, ...PLAIN, ...PLAIN, 'write -q -z', 'discard -q'];
