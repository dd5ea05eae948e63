import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { virsh } from '../../lab/guest.ts';
import { MiB } from '../../lab/image.ts';
import type { LabGuest } from '../../lab/lab.ts';
import type { Intent } from '../../model/intent.ts';
import { flattenTo } from '../../model/testing.ts';
import { spawnDashboard } from './testing/doomed.ts';
import type { FaultPoint } from './testing/fault-point.ts';
import { alpha, contentOf, dashboardOn, folder, imagesOf, jobOf, pullable, SLOW } from './testing/rig.ts';

interface Case {
  readonly what: string;
  readonly make: (name: string) => Promise<LabGuest>;
  readonly intent: (guest: LabGuest) => Intent;
  /** Bytes per second, so that the process can die in the middle. */
  readonly bandwidth: number;
  readonly points: readonly FaultPoint[];
  /** How many images the chain has in the end. */
  readonly depth: number;
}

/** Every boundary of a step, and its middle where it has one. */
function around(step: number, ...middle: FaultPoint[]): FaultPoint[] {
  return [
    `before step-intended ${step}`,
    `after step-intended ${step}`,
    `before step-running ${step}`,
    `after step-running ${step}`,
    ...middle,
    `before step-done ${step}`,
    `after step-done ${step}`,
  ];
}

/** A pull's middle, and its flush, which comes when the job is over. */
function pulling(step: number): FaultPoint[] {
  return [`during ${step}`, `before step-flushing ${step}`, `after step-flushing ${step}`];
}

const CASES: readonly Case[] = [
  {
    what: 'a flatten',
    make: (name) => pullable(name),
    intent: ({ disks }) => flattenTo(disks[0]?.images.at(-1) ?? ''),
    bandwidth: 64 * MiB,
    points: ['after created', 'after started', ...around(0, ...pulling(0)), 'after ended'],
    depth: 2,
  },
  {
    what: 'a merge down',
    make: (name) => pullable(name),
    intent: (guest) => merging(guest, 1),
    bandwidth: 64 * MiB,
    points: around(0, 'during 0'),
    depth: 2,
  },
  {
    what: 'a merge down of all',
    make: (name) => pullable(name),
    intent: (guest) => merging(guest, 0),
    bandwidth: 64 * MiB,
    points: around(0, 'during 0', 'before step-finishing 0', 'after step-finishing 0'),
    depth: 1,
  },
  {
    what: 'a way of two block jobs',
    make: (name) => pullable(name),
    intent: ({ disks }) => ({
      kind: 'shorten',
      target: 'vda',
      wanted: { kind: 'only', image: disks[0]?.images[1] ?? '' },
      way: 'cheapest',
      pinned: [],
      forgetAfter: true,
    }),
    bandwidth: 64 * MiB,
    points: [...around(0, 'before step-finishing 0', 'after step-finishing 0'), ...around(1, 'during 1')],
    depth: 1,
  },
  {
    what: 'a move by a copy',
    make: (name) => pullable(name),
    intent: (guest) => moving(guest, 'copy'),
    bandwidth: 64 * MiB,
    points: around(0, 'during 0', 'before step-finishing 0', 'after step-finishing 0'),
    depth: 1,
  },
  {
    what: 'a move by a pull',
    make: (name) => pullable(name),
    intent: (guest) => moving(guest, 'pull'),
    bandwidth: 64 * MiB,
    points: [...around(0), ...around(1, ...pulling(1)), ...around(2)],
    depth: 1,
  },
  {
    what: 'a snapshot',
    make: (name) => pullable(name),
    intent: (guest) => ({
      kind: 'snapshot',
      name: 'kept',
      description: '',
      quiesce: false,
      disks: [{ target: 'vda', file: newFile(guest) }],
    }),
    bandwidth: 0,
    points: around(0),
    depth: 5,
  },
  {
    what: 'a flatten with a snapshot first and its record forgotten',
    make: (name) => pullable(name),
    intent: (guest) =>
      flattenTo(guest.disks[0]?.images.at(-1) ?? '', {
        snapshotFirst: { name: 'kept', file: newFile(guest) },
        forgetAfter: true,
      }),
    bandwidth: 64 * MiB,
    points: [...around(0), ...around(1, 'during 1'), ...around(2)],
    depth: 2,
  },
  {
    what: 'a flatten of a guest that is shut off',
    make: (name) => pullable(name, { state: 'shut off' }),
    intent: ({ disks }) => flattenTo(disks[0]?.images.at(-1) ?? ''),
    bandwidth: 64 * MiB,
    points: around(0, 'during 0', 'before step-finishing 0', 'after step-finishing 0'),
    depth: 2,
  },
];

/** From the image at this position down to the base, 0 the active one. */
function merging({ disks }: LabGuest, top: number): Intent {
  const images = disks[0]?.images ?? [];
  const ends = { top: images[top] ?? '', base: images.at(-1) ?? '' };
  return { kind: 'merge-down', target: 'vda', ...ends, forgetAfter: true };
}

function moving(guest: LabGuest, way: 'copy' | 'pull'): Intent {
  return { kind: 'move', target: 'vda', file: newFile(guest), way };
}

/** Where an image is to be made that goes with the guest. */
function newFile(guest: LabGuest): string {
  const file = join(alpha.images, `${guest.name}-new.qcow2`);
  guest.files.push(file);
  return file;
}

describe.each(CASES)(
  '$what, whose dashboard is killed',
  ({ what, make, intent, bandwidth, points, depth }) => {
    test.each(points)('%s: is ended rightly by the next one', async (point) => {
      const guest = await make(`crash-${what}-${point}`.replaceAll(/[^a-z0-9]+/g, '-'));
      const before = await contentOf(guest);
      const database = join((await folder()).path, 'db.sqlite');
      const doomed = spawnDashboard({
        uris: [alpha.uri],
        database,
        uuid: guest.uuid,
        intent: intent(guest),
        bandwidth,
        point,
      });
      const [, signal] = await once(doomed, 'exit');
      expect(signal).toBe('SIGKILL');
      const { store, reached, chain, broken } = await dashboardOn(database);
      const [operation] = await store.journal.list({ limit: 1 });
      expect(await reached(operation?.id ?? '', 'succeeded', 'failed')).toMatchObject({
        state: 'succeeded',
        problem: null,
      });
      expect(chain(guest)).toHaveLength(depth);
      expect((await virsh(alpha, 'domstate', guest.uuid)).trim()).toBe(guest.state);
      expect(await contentOf(guest)).toBe(before);
      expect(broken).toEqual([]);
    });
  },
);

describe.each(CASES.filter(({ points }) => points.includes('during 0')))(
  '$what, whose dashboard is killed when it was asked to cancel',
  ({ what, make, intent }) => {
    test.each<FaultPoint>(['after cancel-asked', 'before ended'])('%s: is cancelled', async (point) => {
      const guest = await make(`off-${what}-${point}`.replaceAll(/[^a-z0-9]+/g, '-'));
      const before = await contentOf(guest);
      const database = join((await folder()).path, 'db.sqlite');
      const doomed = spawnDashboard({
        uris: [alpha.uri],
        database,
        uuid: guest.uuid,
        intent: intent(guest),
        bandwidth: SLOW,
        cancels: true,
        point,
      });
      expect((await once(doomed, 'exit'))[1]).toBe('SIGKILL');
      const { store, reached, chain, broken } = await dashboardOn(database);
      const [operation] = await store.journal.list({ limit: 1 });
      expect(await reached(operation?.id ?? '', 'succeeded', 'failed', 'cancelled')).toMatchObject({
        state: 'cancelled',
        problem: null,
      });
      expect(chain(guest)).toEqual(imagesOf(guest));
      if (guest.state === 'running') expect(await jobOf(guest)).toBe('');
      const made = guest.files.filter((path) => !imagesOf(guest).includes(path));
      for (const path of made) await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
      expect((await virsh(alpha, 'domstate', guest.uuid)).trim()).toBe(guest.state);
      expect(await contentOf(guest)).toBe(before);
      expect(broken).toEqual([]);
    });
  },
);
