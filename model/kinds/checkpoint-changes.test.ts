import { expect, test } from 'vitest';
import type { Checkpoint } from '../fleet/checkpoint.ts';
import { NO_DEPENDENTS } from '../fleet/dependents.ts';
import type { Disk } from '../fleet/disk.ts';
import type { Guest } from '../fleet/guest.ts';
import { type Image, UNKNOWN_TRAITS } from '../fleet/image.ts';
import { planEndJob } from '../plans/fixes/end-job.ts';
import { planFlatten } from '../plans/flatten.ts';
import { planForget } from '../plans/forget.ts';
import { planMergeDown } from '../plans/merge-down.ts';
import { type MoveIntent, planMove } from '../plans/move.ts';
import { problem } from '../problem.ts';
import { chainOf, diskWith, FACTS, flattenTo, guestWith, imageAt, QCOW2, REF } from '../testing.ts';
import { withCheckpoints } from './checkpoint-changes.ts';
import { commandsOf } from './commands.ts';
import { confirmationOf, isConfirmed } from './confirmation.ts';
import type { Step } from './kinds.ts';
import type { Plan } from './plan.ts';

const c1: Checkpoint = { name: 'c1', createdAt: 1000, parent: null, disks: ['vda'] };
const OLD = { traits: { ...QCOW2, version: 2 } };
const UNREAD = { traits: UNKNOWN_TRAITS };
const BITMAPS = { traits: { ...QCOW2, bitmaps: true } };

/** active <- sn2 <- sn1 <- base, where sn2 has bitmaps too. */
const chain = {
  images: [imageAt('/active'), imageAt('/sn2', BITMAPS), imageAt('/sn1'), imageAt('/base')],
};
const disk = diskWith(chain);
const guest = (changes: Partial<Guest> = {}, on: Disk = disk) =>
  guestWith(on, { checkpoints: { known: [c1], problem: null }, ...changes });

const flatten = (changes = {}) =>
  planFlatten(REF, disk, flattenTo(null, changes), { ...FACTS, disks: [disk] });

function merge(top: string, base: string, lowest: Partial<Image> = {}) {
  const images = [...chain.images.slice(0, 3), imageAt('/base', lowest)];
  const facts = { ...FACTS, disks: [disk], dependents: NO_DEPENDENTS };
  const intent = { kind: 'merge-down', target: 'vda', top, base, forgetAfter: false } as const;
  return planMergeDown(REF, diskWith({ images }), intent, facts);
}

function move(strategy: MoveIntent['strategy']) {
  const destination = { at: 'nothing', folder: 'there', freeSpace: null } as const;
  const facts = { ...FACTS, disks: [disk], destination };
  return planMove(REF, disk, { kind: 'move', target: 'vda', file: '/new/active', strategy }, facts);
}

/** The end of somebody's job whose target is this image. */
function ended(how: 'pivot' | 'abort', job: 'copy' | 'active-commit', target: Image) {
  const running = diskWith(chain, { job: { kind: job, ready: true, bandwidth: 0, cur: 1, end: 1 } });
  const intent = { kind: 'end-job', target: 'vda', how } as const;
  return planEndJob(guest({}, running), running, intent, { ...FACTS, mirror: [target] });
}

/** Any plan with these steps. */
const stepping = (...steps: readonly Step[]): Plan => ({ ...flatten(), steps });

const outcomes = (plan: Plan, of = guest()) =>
  withCheckpoints(plan, of).checkpoints?.map(({ outcome }) => outcome);

const migrate = {
  kind: 'migrate',
  hostId: 'alpha',
  to: 'beta',
  destinationUri: '',
  migrateUri: null,
  disks: [],
} as const;
const pullThere = {
  kind: 'pull',
  hostId: 'beta',
  target: 'vda',
  base: null,
  before: ['/there', ...chain.images.map(({ key }) => key)],
  after: ['/there'],
} as const;

test.each<[string, Plan, string]>([
  ['a pull of everything', flatten(), 'merged'],
  ['a pull across images without bitmaps', planFlattenBelow(), 'kept'],
  ['a snapshot and a pull', flatten({ snapshotFirst: { name: 's', file: '/over' } }), 'merged'],
  ['a commit below the bitmaps', merge('/sn1', '/base'), 'kept'],
  ['a commit of the image that has them', merge('/sn2', '/base'), 'merged'],
  ['the same into a raw base', merge('/sn2', '/base', { format: 'raw' }), 'broken'],
  ['the same into a base of the old qcow2 format', merge('/sn2', '/base', OLD), 'broken'],
  ['the same into a base that could not be inspected', merge('/sn2', '/base', UNREAD), 'unsure'],
  ['a commit below them into a raw base', merge('/sn1', '/base', { format: 'raw' }), 'kept'],
  ['an active commit', merge('/active', '/base'), 'merged'],
  ['an active commit into a raw base', merge('/active', '/base', { format: 'raw' }), 'lost'],
  ['an active commit into a base that could not be inspected', merge('/active', '/base', UNREAD), 'unsure'],
  ['a move by a copy', move('copy'), 'kept'],
  ['a move by a snapshot and a pull', move('pull'), 'merged'],
  ['forgetting snapshots', planForget(guest(), { kind: 'forget', names: [] }, FACTS), 'kept'],
  ['somebody’s copy to qcow2 that is pivoted', ended('pivot', 'copy', imageAt('/copy')), 'kept'],
  ['the same to raw', ended('pivot', 'copy', imageAt('/copy', { format: 'raw' })), 'lost'],
  ['the same to raw, aborted', ended('abort', 'copy', imageAt('/copy', { format: 'raw' })), 'kept'],
  ['somebody’s active commit that is pivoted', ended('pivot', 'active-commit', imageAt('/base')), 'merged'],
  ['a commit of them, and then of the image that they are in by then', twoCommits(), 'broken'],
  ['a migration', stepping(migrate), 'lost'],
  ['a migration and a pull there', stepping(migrate, pullThere), 'lost'],
])('%s', (_, plan, outcome) => {
  expect(outcomes(plan)).toEqual([outcome]);
});

/** Below the bitmaps: only images without any leave the chain. */
function planFlattenBelow() {
  const images = [imageAt('/active', BITMAPS), imageAt('/sn1'), imageAt('/base')];
  return planFlatten(REF, diskWith({ images }), flattenTo('/base'), { ...FACTS, disks: [disk] });
}

function twoCommits(): Plan {
  const plan = merge('/sn2', '/base', { format: 'raw' });
  const step = { kind: 'commit', hostId: 'alpha', target: 'vda' } as const;
  const [one, two] = [
    ['/active', '/sn2', '/sn1', '/base'],
    ['/active', '/sn1', '/base'],
  ];
  return {
    ...plan,
    steps: [
      { ...step, top: '/sn2', base: '/sn1', before: one, after: two },
      { ...step, top: '/sn1', base: '/base', before: two, after: ['/active', '/base'] },
    ],
  };
}

test('what happens to one disk leaves the checkpoints of another one alone', () => {
  const both = { known: [{ ...c1, disks: ['vda', 'vdb'] }], problem: null };
  const other = diskWith(chainOf('/b'), { target: 'vdb' });
  const plan = withCheckpoints(flatten(), guest({ checkpoints: both, disks: [disk, other] }));
  expect(plan.checkpoints).toEqual([
    { name: 'c1', target: 'vda', outcome: 'merged' },
    { name: 'c1', target: 'vdb', outcome: 'kept' },
  ]);
  expect(plan.warnings).toEqual(flatten().warnings);
  expect(plan.fingerprint).toBe(flatten().fingerprint);
});

test('a checkpoint that was lost before can’t be lost again: of a raw image, of a disk that is detached', () => {
  const raw = diskWith({ images: [imageAt('/raw', { format: 'raw' })] });
  const detached = { known: [{ ...c1, disks: ['vdz'] }], problem: null };
  expect(outcomes(stepping(migrate), guest({}, raw))).toEqual(['gone']);
  expect(outcomes(stepping(migrate), guest({ checkpoints: detached }))).toEqual(['gone']);
  expect(confirmationOf(withCheckpoints(stepping(migrate), guest({}, raw)))).toBeNull();
});

test('a loss is a warning, is confirmed by the guest’s name, and is another plan when more is lost', () => {
  const plan = withCheckpoints(stepping(migrate), guest());
  expect(plan.warnings.at(-1)).toEqual(
    problem('CHECKPOINTS_LOST', { guest: 'web-1', names: 'c1', count: 1 }),
  );
  expect(confirmationOf(plan)).toBe('web-1');
  expect(['', 'yes', 'c1', ' web-1 '].map((typed) => isConfirmed(plan, typed))).toEqual([
    false,
    false,
    false,
    true,
  ]);
  const c2 = { ...c1, name: 'c2', parent: 'c1' };
  const more = withCheckpoints(stepping(migrate), guest({ checkpoints: { known: [c1, c2], problem: null } }));
  expect(more.fingerprint).not.toBe(plan.fingerprint);
  expect(commandsOf(plan, 0)[0]).toEqual([
    { note: 'checkpoints-lost', params: { guest: 'web-1', names: 'c1', count: 1 } },
  ]);
});

test('checkpoints that can’t be read are unknown: what would lose them is confirmed, too', () => {
  const unread = { known: null, problem: problem('CHECKPOINTS_UNREADABLE', { reason: 'x' }) };
  const kept = withCheckpoints(flatten(), guest({ checkpoints: unread }));
  expect([kept.checkpoints, confirmationOf(kept)]).toEqual([null, null]);
  const lost = withCheckpoints(stepping(migrate), guest({ checkpoints: unread }));
  expect(lost.warnings.at(-1)).toEqual(problem('CHECKPOINTS_MAY_BE_LOST', { guest: 'web-1' }));
  expect(confirmationOf(lost)).toBe('web-1');
  expect(commandsOf(lost, 0)[0]).toMatchObject([{ note: 'checkpoints-may-be-lost' }]);
});

test('a plan without checkpoints has nothing to say of them', () => {
  const plan = withCheckpoints(stepping(migrate), guestWith(disk));
  expect(plan).toEqual({ ...stepping(migrate), checkpoints: [] });
  expect(isConfirmed(plan, '')).toBe(true);
});
