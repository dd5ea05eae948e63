import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../../lab/run.ts';
import type { ClusterMap } from '../../../model/content/cluster-map.ts';
import { mostCommitted } from '../../../model/cost/commit-cost.ts';
import { mostCopied } from '../../../model/cost/copy-cost.ts';
import type { Chain } from '../../../model/fleet/chain.ts';
import type { Image } from '../../../model/fleet/image.ts';
import { comesToLight } from '../../../model/plans/merge-down.ts';
import { LocalAllocationMap } from '../../../server/hosts/content/local-allocation-map.ts';
import { readLocalImage } from '../../../server/hosts/images/local-image.ts';
import { makeRandomChain, randomFrom } from '../../support/random-chain.ts';
import { folder } from '../../support/rig.ts';
import { commit, copy } from '../../support/storage-daemon.ts';

/** More of them: `ROUNDS=500 npm run test:lab -- commit-bound`. */
const ROUNDS = Number(process.env.ROUNDS ?? 15);
/** Milliseconds that a round may take beside others. Most take one or two seconds. */
const PATIENCE_MS = 60_000;
const FIRST_SEED = Number(process.env.SEED ?? 1);

interface Round {
  readonly path: string;
  readonly now: Chain;
  readonly random: () => number;
  /** What is read before, as a raw file. */
  readonly content: string;
}

/** Works with a random chain for each seed. */
async function each(work: (round: Round, seed: number) => Promise<number>): Promise<readonly number[]> {
  const { path } = await folder();
  const slack: number[] = [];
  for (let seed = FIRST_SEED; seed < FIRST_SEED + ROUNDS; seed++) {
    const random = randomFrom(seed);
    const files = await makeRandomChain(path, random);
    const content = join(path, 'content');
    await run('qemu-img', ['convert', '-O', 'raw', files[0]?.path ?? '', content]);
    slack.push(await work({ path, now: await chainOf(files), random, content }, seed));
    await Promise.all([...files, { path: content }].map((file) => rm(file.path)));
  }
  return slack;
}

test(
  'a commit never writes more than its plan says, and changes nothing that is read',
  async () => {
    const slack = await each(async ({ now: { images }, random, content }, seed) => {
      const first = Math.floor(random() * (images.length - 1));
      const last = first + 1 + Math.floor(random() * (images.length - 1 - first));
      const [active, top, base] = [images[0], images[first], images[last]];
      if (!active || !top || !base) throw new Error('A run has two ends');
      const merged = images.slice(first, last);
      const maps = await mapsOf(merged);
      const most = mostCommitted(merged, base, maps, first === 0) ?? -1;
      const unmapped = mostCommitted(merged, base, new Map(), first === 0) ?? -1;
      const before = await sizeOf(base);
      await commit(active.key, first === 0 ? null : top.key, base.key);
      const growth = (await sizeOf(base)) - before;
      expect(growth, `seed ${seed}`).toBeLessThanOrEqual(most);
      expect(growth, `seed ${seed}, unmapped`).toBeLessThanOrEqual(unmapped);
      if (!comesToLight(images[first - 1] ?? null, top, base)) {
        const left = first === 0 ? base : active;
        await run('qemu-img', ['compare', '-f', 'raw', '-F', left.format ?? '', content, left.key]);
      }
      return most - growth;
    });
    expect(median(slack)).toBeLessThan(4 * 2 ** 20);
  },
  ROUNDS * PATIENCE_MS,
);

test(
  'a copy is never larger than its plan says, and reads the same',
  async () => {
    const slack = await each(async ({ path, now, content }, seed) => {
      const [active] = now.images;
      if (!active) throw new Error('A chain has an active image');
      const most = mostCopied(now, await mapsOf(now.images)) ?? -1;
      const file = join(path, 'copy');
      const cluster = active.traits.clusterSize ?? 65536;
      const options = ['-o', `cluster_size=${cluster}`];
      await run('qemu-img', ['create', '-q', '-f', 'qcow2', ...options, file, String(active.virtualSize)]);
      await copy(active.key, file);
      const size = await sizeOf({ key: file });
      expect(size, `seed ${seed}`).toBeLessThanOrEqual(most);
      expect(size, `seed ${seed}, unmapped`).toBeLessThanOrEqual(mostCopied(now, new Map()) ?? -1);
      await run('qemu-img', ['compare', '-f', 'raw', '-F', 'qcow2', content, file]);
      await rm(file);
      return most - size;
    });
    expect(median(slack)).toBeLessThan(4 * 2 ** 20);
  },
  ROUNDS * PATIENCE_MS,
);

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

async function sizeOf({ key }: Pick<Image, 'key'>): Promise<number> {
  return (await stat(key)).blocks * 512;
}

async function mapsOf(images: readonly Image[]): Promise<ReadonlyMap<string, ClusterMap>> {
  const maps = await new LocalAllocationMap().maps(images);
  expect([...maps.keys()]).toEqual(images.map(({ key }) => key));
  return maps;
}

async function chainOf(files: readonly { path: string; format: string }[]): Promise<Chain> {
  const images = files.map(async ({ path: file, format }) => {
    const facts = await readLocalImage(file, format);
    return { key: file, source: { kind: 'file', path: file } as const, format, index: null, ...facts };
  });
  return { images: await Promise.all(images) };
}
