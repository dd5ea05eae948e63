import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../lab/run.ts';
import type { Chain } from '../../model/chain.ts';
import type { ClusterMap } from '../../model/cluster-map.ts';
import { mostPulled } from '../../model/cost.ts';
import { ClusterMaps } from '../hosts/cluster-maps.ts';
import { lookAt } from '../hosts/local-image.ts';
import { makeRandomChain, randomFrom } from './testing/random-chain.ts';
import { folder } from './testing/rig.ts';
import { pull } from './testing/storage-daemon.ts';

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
      const maps = new Map<string, ClusterMap>();
      const reader = new ClusterMaps();
      for (const { key, format } of merged) {
        const map = await reader.at(key, format);
        expect(map, key).not.toBeNull();
        if (map !== null) maps.set(key, map);
      }
      const most = mostPulled(now, merged, maps) ?? -1;
      const before = (await stat(active.path)).blocks * 512;
      const content = join(path, 'content');
      await run('qemu-img', ['convert', '-O', 'raw', active.path, content]);
      await pull(active.path, files[toward]?.path ?? null);
      const growth = (await stat(active.path)).blocks * 512 - before;
      expect(growth, `seed ${seed}`).toBeLessThanOrEqual(most);
      // With no map at hand the bound is wider, and holds too.
      expect(growth, `seed ${seed}, unmapped`).toBeLessThanOrEqual(mostPulled(now, merged, new Map()) ?? -1);
      await run('qemu-img', ['compare', '-f', 'raw', '-F', 'qcow2', content, active.path]);
      slack.push(most - growth);
      await Promise.all([...files.map((file) => rm(file.path)), rm(content)]);
    }
    // The bound is of use only where it is near.
    const median = slack.toSorted((a, b) => a - b)[Math.floor(slack.length / 2)] ?? 0;
    expect(median).toBeLessThan(4 * 2 ** 20);
  },
  20_000 + ROUNDS * 2000,
);

async function chainOf(files: readonly { path: string; format: string }[]): Promise<Chain> {
  const images = files.map(async ({ path: file, format }) => {
    const looked = await lookAt(file, format);
    return { key: file, source: { kind: 'file', path: file } as const, format, index: null, ...looked };
  });
  return { images: await Promise.all(images) };
}
