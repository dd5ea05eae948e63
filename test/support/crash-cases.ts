import { join } from 'node:path';
import { expect } from 'vitest';
import { capabilities } from '../../lab/capabilities.ts';
import { MiB } from '../../lab/image.ts';
import type { LabGuest } from '../../lab/lab.ts';
import { virsh } from '../../lab/virsh.ts';
import type { ActionIntent, Intent } from '../../model/kinds/kinds.ts';
import { flattenTo } from '../../model/testing.ts';
import type { FaultPoint } from './fault-point.ts';
import { killPointsOfAll } from './kill-points.ts';
import { alpha, guestFor, OLD_MACHINE, pullable, small } from './rig.ts';

/** An operation in which the dashboard dies. */
export interface CrashCase {
  readonly what: string;
  readonly make: (name: string) => Promise<LabGuest>;
  readonly intent: (guest: LabGuest) => Intent;
  /** Bytes per second, so that the process can die in the middle. */
  readonly bandwidth: number;
  readonly points: readonly FaultPoint[];
  /** How many images the chain has in the end. */
  readonly depth: number;
  /** What else is right then, beside the chain and what the guest reads. */
  readonly expected?: (guest: LabGuest) => Promise<void>;
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

/**
 * A migration needs two hosts (`migrate-crash.lab.test.ts`), a revert or the deletion of a snapshot needs a libvirt that can
 * (`snapshot/revert-crash.lab.test.ts`, `crash-delete-snapshot.lab.test.ts`), and an undo needs something that was done
 * (`crash-undo.lab.test.ts`).
 * The doctor's fixes have `fix-cases.ts`.
 */
type TestedElsewhere = 'delete-snapshot' | 'migrate' | 'revert' | 'undo';

/** Where libvirt can revert to the snapshot, a flatten keeps its record. */
const { revertsExternalSnapshots: keepsRecords } = await capabilities();

/** The cases of each kind of operation. A kind without any does not compile. */
export const casesOf: {
  readonly [Kind in Exclude<ActionIntent['kind'], TestedElsewhere>]: readonly [CrashCase, ...CrashCase[]];
} = {
  flatten: [
    {
      what: 'a flatten',
      make: (name) => small(name, OLD_MACHINE),
      intent: ({ disks }) => flattenTo(disks[0]?.images.at(-1) ?? ''),
      bandwidth: 16 * MiB,
      points: ['after created', 'after started', ...around(0, ...pulling(0)), 'after ended'],
      depth: 2,
    },
    {
      what: `a flatten with a snapshot first and its record ${keepsRecords ? 'kept' : 'forgotten'}`,
      make: (name) => small(name),
      intent: (guest) =>
        flattenTo(guest.disks[0]?.images.at(-1) ?? '', {
          snapshotFirst: { name: 'kept', file: newFile(guest) },
          forgetAfter: true,
        }),
      bandwidth: 16 * MiB,
      points: [...around(0), ...around(1, 'during 1'), ...(keepsRecords ? [] : around(2))],
      depth: 2,
      expected: async (guest) => expect(await recordsOf(guest)).toEqual(keepsRecords ? ['kept'] : []),
    },
    {
      what: 'a flatten of a guest that is shut off',
      make: (name) => small(name, { state: 'shut off' }),
      intent: ({ disks }) => flattenTo(disks[0]?.images.at(-1) ?? ''),
      bandwidth: 16 * MiB,
      points: around(0, 'during 0', 'before step-finishing 0', 'after step-finishing 0'),
      depth: 2,
    },
  ],
  'merge-down': [
    {
      what: 'a merge down',
      make: (name) => small(name),
      intent: (guest) => merging(guest, 1),
      bandwidth: 16 * MiB,
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
  ],
  shorten: [
    {
      what: 'a strategy of two block jobs',
      make: (name) => pullable(name),
      intent: ({ disks }) => ({
        kind: 'shorten',
        target: 'vda',
        goal: { kind: 'only', image: disks[0]?.images[1] ?? '' },
        strategy: 'cheapest',
        pinned: [],
        forgetAfter: true,
      }),
      bandwidth: 64 * MiB,
      points: [...around(0, 'before step-finishing 0', 'after step-finishing 0'), ...around(1, 'during 1')],
      depth: 1,
    },
  ],
  move: [
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
      make: (name) => small(name, OLD_MACHINE),
      intent: (guest) => moving(guest, 'pull'),
      bandwidth: 16 * MiB,
      points: [...around(0), ...around(1, ...pulling(1)), ...around(2)],
      depth: 1,
    },
  ],
  snapshot: [
    {
      what: 'a snapshot',
      make: (name) => small(name),
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
  ],
  forget: [
    {
      what: 'the forgetting of all records',
      make: (name) => recorded(name),
      intent: () => ({ kind: 'forget', names: ['first', 'second'] }),
      bandwidth: 0,
      points: around(0),
      depth: 3,
      expected: async (guest) => expect(await recordsOf(guest)).toEqual([]),
    },
  ],
};

export const crashCases: readonly CrashCase[] = Object.values(casesOf).flat();

const KILL_POINTS = killPointsOfAll(
  crashCases.map(({ points }) => points),
  (point) => point.replace(/ \d+$/, ''),
);

/** The points of a case that this run kills at. */
export function killPointsOf(one: CrashCase): readonly FaultPoint[] {
  return KILL_POINTS[crashCases.indexOf(one)] ?? [];
}

/** A guest with two snapshots, both of which are as they were taken. */
function recorded(name: string): Promise<LabGuest> {
  const layers = [undefined, 'first', 'second'].map((snapshot, level) => ({
    file: `${name}-${level}.qcow2`,
    writes: [{ pattern: level + 1, offset: level * MiB, length: MiB }],
    ...(snapshot === undefined ? {} : { snapshot }),
  }));
  return guestFor({ name, disks: [{ layers, size: 16 * MiB }] });
}

async function recordsOf({ uuid }: LabGuest): Promise<readonly string[]> {
  return (await virsh(alpha, 'snapshot-list', uuid, '--name')).split('\n').filter(Boolean);
}

/** From the image at this position down to the base, 0 the active one. */
function merging({ disks }: LabGuest, top: number): Intent {
  const images = disks[0]?.images ?? [];
  const ends = { top: images[top] ?? '', base: images.at(-1) ?? '' };
  return { kind: 'merge-down', target: 'vda', ...ends, forgetAfter: true };
}

function moving(guest: LabGuest, strategy: 'copy' | 'pull'): Intent {
  return { kind: 'move', target: 'vda', file: newFile(guest), strategy };
}

/** Where an image is to be made that goes with the guest. */
function newFile(guest: LabGuest): string {
  const file = join(alpha.images, `${guest.name}-new.qcow2`);
  guest.files.push(file);
  return file;
}
