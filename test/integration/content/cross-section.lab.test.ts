import { rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { run } from '../../../lab/run.ts';
import { crossSection, MOST_BUCKETS } from '../../../model/content/cross-section.ts';
import type { Image } from '../../../model/fleet/image.ts';
import { LocalAllocationMap } from '../../../server/hosts/content/local-allocation-map.ts';
import { readLocalImage } from '../../../server/hosts/images/local-image.ts';
import { makeRandomChain, randomFrom } from '../../support/random-chain.ts';
import { folder } from '../../support/rig.ts';

/** More of them: `ROUNDS=500 npm run test:lab -- cross-section`. */
const ROUNDS = Number(process.env.ROUNDS ?? 25);
const FIRST_SEED = Number(process.env.SEED ?? 1);

interface Extent {
  readonly start: number;
  readonly length: number;
  readonly depth: number;
  readonly data: boolean;
}

test(
  'of chains of all sorts the guest reads of each image, bucket by bucket, what qemu-img maps to it',
  async () => {
    const { path } = await folder();
    for (let seed = FIRST_SEED; seed < FIRST_SEED + ROUNDS; seed++) {
      const files = await makeRandomChain(path, randomFrom(seed));
      const { layers, bucketSize } = await sectionOf(files);
      const [active] = files;
      const json = await run('qemu-img', ['map', '--output=json', active?.path ?? '']);
      const extents: readonly Extent[] = JSON.parse(json);
      layers.forEach(({ holds, doubtful }, depth) => {
        expect(doubtful).toBe(false);
        const read = new Float64Array(holds?.read.length ?? 0);
        for (const extent of extents)
          if (extent.data && extent.depth === depth) add(read, extent, bucketSize);
        expect(holds?.read, `seed ${seed}, layer ${depth}`).toEqual(read);
      });
      await Promise.all(files.map((file) => rm(file.path)));
    }
  },
  20_000 + ROUNDS * 2000,
);

async function sectionOf(files: readonly { path: string; format: string }[]) {
  const images = await Promise.all(
    files.map(async ({ path: key, format }): Promise<Image> => {
      const facts = await readLocalImage(key, format);
      return { key, source: { kind: 'file', path: key }, format, index: null, ...facts };
    }),
  );
  const maps = await new LocalAllocationMap().maps(images);
  return crossSection(images, maps, MOST_BUCKETS);
}

function add(sums: Float64Array, { start, length }: Extent, bucketSize: number): void {
  const end = start + length;
  for (let at = start; at < end; ) {
    const bucket = Math.floor(at / bucketSize);
    const next = Math.min(end, (bucket + 1) * bucketSize);
    sums[bucket] = (sums[bucket] ?? 0) + next - at;
    at = next;
  }
}
