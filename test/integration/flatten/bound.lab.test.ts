import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MiB } from '../../../lab/image.ts';
import { attempt, run } from '../../../lab/run.ts';
import { mostPulled } from '../../../model/cost/cost.ts';
import type { Chain } from '../../../model/fleet/chain.ts';
import { showsThrough } from '../../../model/plans/flatten.ts';
import { LocalAllocationMap } from '../../../server/hosts/content/local-allocation-map.ts';
import { readLocalImage } from '../../../server/hosts/images/local-image.ts';
import { makeRandomChain, randomFrom } from '../../support/random-chain.ts';
import { folder } from '../../support/rig.ts';
import { pull } from '../../support/storage-daemon.ts';

/** More of them: `ROUNDS=500 npm run test:lab -- bound`. */
const ROUNDS = Number(process.env.ROUNDS ?? 15);
const FIRST_SEED = Number(process.env.SEED ?? 1);

test(
  'a pull never writes more than its plan says, and changes nothing that is read',
  async () => {
    const { path } = await folder();
    const slack: number[] = [];
    for (let seed = FIRST_SEED; seed < FIRST_SEED + ROUNDS; seed++) {
      const random = randomFrom(seed);
      const files = await makeRandomChain(path, random);
      const [active = { path: '', format: '' }] = files;
      const now = await chainOf(files);
      const toward = 2 + Math.floor(random() * (files.length - 1));
      const merged = now.images.slice(1, toward);
      const maps = await new LocalAllocationMap().maps(merged);
      expect([...maps.keys()], `seed ${seed}`).toEqual(merged.map(({ key }) => key));
      const most = mostPulled(now, merged, maps) ?? -1;
      const before = (await stat(active.path)).blocks * 512;
      const content = join(path, 'content');
      await run('qemu-img', ['convert', '-O', 'raw', active.path, content]);
      await pull(active.path, files[toward]?.path ?? null);
      const growth = (await stat(active.path)).blocks * 512 - before;
      expect(growth, `seed ${seed}`).toBeLessThanOrEqual(most);
      // With no map at hand the bound is wider, and holds too.
      expect(growth, `seed ${seed}, unmapped`).toBeLessThanOrEqual(mostPulled(now, merged, new Map()) ?? -1);
      if (!isRefused(now, toward)) {
        await run('qemu-img', ['compare', '-f', 'raw', '-F', 'qcow2', content, active.path]);
      }
      slack.push(most - growth);
      await Promise.all([...files.map((file) => rm(file.path)), rm(content)]);
    }
    // The bound is of use only where it is near.
    const median = slack.toSorted((a, b) => a - b)[Math.floor(slack.length / 2)] ?? 0;
    expect(median).toBeLessThan(4 * 2 ** 20);
  },
  20_000 + ROUNDS * 2000,
);

/** Seeds 349 and 352 have such chains: what is read changes, see the test below. */
function isRefused({ images }: Chain, toward: number): boolean {
  const [active, first] = images;
  const base = images[toward];
  return (
    active !== undefined && first !== undefined && base !== undefined && showsThrough(active, first, base)
  );
}

test('a pull across a shorter image would let the base show through, so it is refused', async () => {
  const { path } = await folder();
  const files = [16, 8, 16].map((size, i) => ({ path: join(path, `${2 - i}.qcow2`), format: 'qcow2', size }));
  const [active, first, base] = files;
  if (!active || !first || !base) throw new Error('Three images are expected');
  for (const [i, { path: file, size }] of files.toReversed().entries()) {
    const below = i === 0 ? [] : ['-u', '-b', files[3 - i]?.path ?? '', '-F', 'qcow2'];
    await run('qemu-img', ['create', '-q', '-f', 'qcow2', ...below, file, String(size * MiB)]);
  }
  await run('qemu-io', ['-f', 'qcow2', '-c', `write -q -P 7 ${12 * MiB} ${MiB}`, base.path]);
  const reads = async (pattern: number) =>
    (await attempt('qemu-io', ['-f', 'qcow2', '-c', `read -P ${pattern} ${12 * MiB} ${MiB}`, active.path]))
      .stdout;
  expect(await reads(0)).not.toContain('failed');
  expect(isRefused(await chainOf(files), 2)).toBe(true);
  await pull(active.path, base.path);
  expect(await reads(0)).toContain('Pattern verification failed');
  expect(await reads(7)).not.toContain('failed');
});

async function chainOf(files: readonly { path: string; format: string }[]): Promise<Chain> {
  const images = files.map(async ({ path: file, format }) => {
    const facts = await readLocalImage(file, format);
    return { key: file, source: { kind: 'file', path: file } as const, format, index: null, ...facts };
  });
  return { images: await Promise.all(images) };
}
