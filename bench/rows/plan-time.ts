import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { createGuest } from '../../lab/guest.ts';
import { GIB } from '../../model/testing.ts';
import { guestWith, ownDashboard } from '../dashboard.ts';
import { host, ownLab } from '../lab.ts';
import { atMost } from '../measurement.ts';
import { percentile } from '../percentile.ts';
import type { Row } from '../row.ts';
import { makeTableImage } from '../table-image.ts';

const LAYERS = 30;
const SIZE = 200 * GIB;
const CLUSTERS = SIZE / 65536;
const WARM_UP = 3;

/** From asking the dashboard for a plan to its answer: a base of 100 GiB under 28 daily increments of 2 to 6 GiB and an active image. */
export const planTime: Row = {
  name: 'plan-time',
  async run(bench) {
    const lab = await ownLab(bench, []);
    const alpha = host(lab);
    const random = numbers();
    let backing: string | null = null;
    for (let level = 0; level < LAYERS - 1; level++) {
      const path = join(alpha.images, `plan-${level}.qcow2`);
      await makeTableImage(path, { virtualSize: SIZE, allocated: allocatedIn(level, random), backing });
      await chmod(path, 0o666);
      backing = path;
    }
    const layers = [{ file: backing ?? '', existing: true }, { file: 'plan-active.qcow2' }];
    await createGuest(lab, { name: 'deep', disks: [{ layers, size: SIZE }] });
    const { api } = await ownDashboard(bench, alpha.uri);
    const { hostId, uuid } = await guestWith(api, 'deep', LAYERS);
    const guest = { hostId, uuid };
    const flatten = () =>
      api.plans.preview.query({
        guest,
        intent: { kind: 'flatten', target: 'vda', base: null, snapshotFirst: null, forgetAfter: true },
      });
    const { cost } = await flatten();
    if (cost.predicted?.basis !== 'tables') throw new Error('The plan is not based on the images’ tables');
    const goal = { kind: 'at-most', images: 1 } as const;
    const strategies = () =>
      api.plans.strategies.query({ disk: { ...guest, target: 'vda' }, goal, pinned: [] });
    const rounds = bench.rounds(30);
    return [
      measured('A plan to flatten 30 layers of 200 GiB, warm', await timed(flatten, rounds)),
      measured('All strategies to flatten 30 layers of 200 GiB, warm', await timed(strategies, rounds)),
    ];
  },
};

function measured(name: string, times: readonly number[]) {
  const at = (percent: number) => percentile(times, percent);
  const detail = `median of ${times.length}, worst ${at(100).toFixed(0)} ms, with the request`;
  return atMost(name, at(50), { unit: 'ms', goal: 300 }, detail);
}

async function timed(ask: () => Promise<unknown>, rounds: number): Promise<number[]> {
  const times: number[] = [];
  for (let round = -WARM_UP; round < rounds; round++) {
    const began = performance.now();
    await ask();
    if (round >= 0) times.push(performance.now() - began);
  }
  return times;
}

function allocatedIn(level: number, random: () => number): number[] {
  if (level === 0) return Array.from({ length: CLUSTERS / 2 }, (_, at) => at);
  const allocated = new Set<number>();
  const most = CLUSTERS * (0.01 + 0.02 * random());
  // Extents of 64 KiB to 4 MiB all over the disk.
  while (allocated.size < most) {
    const length = 1 + Math.floor(random() * 64);
    const first = Math.floor(random() * (CLUSTERS - length));
    for (let at = first; at < first + length; at++) allocated.add(at);
  }
  return [...allocated].toSorted((a, b) => a - b);
}

/** From 0 to 1, the same in every run. */
function numbers(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 2 ** 24;
  };
}
