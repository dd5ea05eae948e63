import { rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { MiB } from '../../../lab/image.ts';
import { type LabGuest, tinyOf } from '../../../lab/lab.ts';
import { until } from '../../../lab/process.ts';
import { run } from '../../../lab/run.ts';
import { virsh } from '../../../lab/virsh.ts';
import type { Intent } from '../../../model/kinds/kinds.ts';
import type { JournalEvent } from '../../../model/operation/operation.ts';
import type { OnFull } from '../../../model/operation/pause.ts';
import { guestOf } from '../../../model/plans/plan.ts';
import { flattenTo } from '../../../model/testing.ts';
import { connect } from '../../../server/libvirt/index.ts';
import { CHUNK, MIRROR_BUFFER } from '../../../server/operations/steps/block-job.ts';
import { type Dashboard, openDashboard } from '../../support/dashboard.ts';
import { contentThere, toBeta, traveller } from '../../support/migrating.ts';
import { alpha, beta, contentOf, folder, guestFor, lab, pullable, SLOW } from '../../support/rig.ts';

/** Where the work writes, and what it has to do there. */
interface Ground {
  readonly fileSystem: string;
  /** Bytes that are to be moved. */
  readonly length: number;
  /** Bytes per second at which that lasts as long as a test needs it. */
  readonly pace: number;
  /** Bytes that somebody leaves free: more than is written until the work stops, less than is still to be written. */
  readonly left: number;
  /** Bytes that QEMU may have in hand when it is slowed down, which still come, however slow the disk is. */
  readonly inHand: number;
}

const tiny = tinyOf(lab);
const TINY: Ground = { fileSystem: tiny, length: 18 * MiB, pace: 2 * MiB, left: 6 * MiB, inHand: CHUNK };
/** A mirror has 16 MiB in hand, so that it needs more of everything to be seen to stand still. */
const LARGE: Ground = {
  fileSystem: lab.folders.second ?? '',
  length: 96 * MiB,
  pace: 4 * MiB,
  left: 200 * MiB,
  inHand: MIRROR_BUFFER,
};

async function freeAt(fileSystem: string): Promise<number> {
  const { bavail, bsize } = await statfs(fileSystem);
  return bavail * bsize;
}

/** Somebody else's file that leaves so many bytes. Answers how to remove it. */
async function fill({ fileSystem, left }: Ground): Promise<() => Promise<void>> {
  const path = join(fileSystem, 'somebody-elses.bin');
  const remove = () => rm(path, { force: true });
  onTestFinished(remove);
  await run('fallocate', ['--length', String((await freeAt(fileSystem)) - left), path]);
  return remove;
}

/** A guest with data to be moved into an image at that place, by each kind of work. */
function guestOn(name: string, on: Case['on'], { fileSystem, length }: Ground): Promise<LabGuest> {
  const file = (layer: number, there: boolean) =>
    there ? join(fileSystem, `${name}-${layer}.qcow2`) : `${name}-${layer}.qcow2`;
  const layers = [
    { file: file(0, on === 'base'), writes: [{ pattern: 1, offset: 0, length: MiB }] },
    { file: file(1, false), writes: [{ pattern: 2, offset: 2 * MiB, length }] },
    { file: file(2, on === 'active'), writes: [{ pattern: 3, offset: 100 * MiB, length: MiB }] },
  ];
  return guestFor({ name, disks: [{ layers, size: 128 * MiB }] });
}

/** @param reserve bytes that are to stay free */
async function opened(reserve?: number): Promise<{ parts: Dashboard; again: () => Promise<Dashboard> }> {
  const { path } = await folder();
  const again = async () => {
    const kept = reserve === undefined ? {} : { reserve: { share: 1, most: reserve } };
    const parts = await openDashboard({ uris: [alpha.uri], database: join(path, 'db.sqlite'), ...kept });
    onTestFinished(parts.stop);
    return parts;
  };
  return { parts: await again(), again };
}

async function eventsOf({ store }: Dashboard, id: string): Promise<readonly JournalEvent[]> {
  return (await store.journal.entries(id)).map(({ event }) => event);
}

const paused = (parts: Dashboard, id: string) =>
  until('the pause', async () => Boolean((await parts.operation(id)).paused));

/** Work that is paused for space writes nothing more from one check to the next, and QEMU keeps to the least speed. */
async function standsStill(parts: Dashboard, id: string, { inHand }: Ground = TINY): Promise<void> {
  const newest = () => parts.progress.findLast(({ operationId }) => operationId === id);
  // What QEMU had in hand comes down first.
  const settled = async () => {
    const last = parts.progress.filter(({ operationId }) => operationId === id).slice(-3);
    return last.length === 3 && last.every(({ grownBy }) => grownBy === last[0]?.grownBy);
  };
  await until('it to stand still', settled);
  const before = newest()?.grownBy;
  const seen = parts.progress.length;
  await until('more samples', async () => parts.progress.length >= seen + 8);
  expect((newest()?.grownBy ?? 0) - (before ?? 0)).toBeLessThanOrEqual(inHand);
}

interface Case {
  readonly ground: Ground;
  readonly name: string;
  readonly on: 'active' | 'base' | 'none';
  readonly intent: (guest: LabGuest) => Intent;
  readonly layers: number;
}

const imageOf = (guest: LabGuest, at: number) => guest.disks[0]?.images[at] ?? '';
const merging =
  (top: number) =>
  (guest: LabGuest): Intent => ({
    kind: 'merge-down',
    target: 'vda',
    top: imageOf(guest, top),
    base: imageOf(guest, 2),
    forgetAfter: false,
  });

const moved = (guest: LabGuest, { fileSystem }: Ground) => join(fileSystem, `${guest.name}-moved.qcow2`);

const CASES: readonly Case[] = [
  { ground: TINY, name: 'pull', on: 'active', intent: () => flattenTo(null), layers: 1 },
  { ground: TINY, name: 'commit', on: 'base', intent: merging(1), layers: 2 },
  { ground: LARGE, name: 'active-commit', on: 'base', intent: merging(0), layers: 1 },
  {
    ground: LARGE,
    name: 'copy',
    on: 'none',
    intent: (guest) => ({ kind: 'move', target: 'vda', file: moved(guest, LARGE), strategy: 'copy' }),
    layers: 1,
  },
];

/** Somebody may be seen in the middle of filling it. */
const RAN_OUT = expect.stringMatching(/^SPACE_(RAN_OUT|TAKEN_BY_OTHERS)$/);

const PULL = { ground: TINY, intent: () => flattenTo(null) };

async function started(
  parts: Dashboard,
  guest: LabGuest,
  { intent: wanted, ground }: Pick<Case, 'intent' | 'ground'>,
  onFull: OnFull,
) {
  const intent = wanted(guest);
  const plan = await parts.preview(guest, intent);
  const { fingerprint, refusals } = plan;
  expect(refusals).toEqual([]);
  const { id } = await parts.engine.start({
    guest: guestOf(plan),
    intent,
    fingerprint,
    bandwidth: ground.pace,
    onFull,
    actor: 'tester',
  });
  await parts.sampled(id);
  return id;
}

test.each(CASES)(
  'a $name is paused before somebody fills its file system, and resumes when there is free space',
  async (one) => {
    const guest = await guestOn(`space-${one.name}`, one.on, one.ground);
    guest.files.push(moved(guest, one.ground));
    const { parts } = await opened(one.ground === LARGE ? 300 * MiB : undefined);
    const before = await contentOf(guest);
    const id = await started(parts, guest, one, 'pause');
    const free = await fill(one.ground);
    await paused(parts, id);
    await standsStill(parts, id, one.ground);
    // A new speed is for later.
    await parts.engine.setSpeed(id, 64 * MiB, 'tester');
    await standsStill(parts, id, one.ground);
    expect(await freeAt(one.ground.fileSystem)).toBeGreaterThan(0);
    expect((await virsh(alpha, 'domstate', guest.uuid)).trim()).toBe('running');
    // Its locks keep anybody else from reading while a commit runs.
    if (!one.name.includes('commit')) expect(await contentOf(guest)).toBe(before);
    await free();
    expect(await parts.reached(id, 'succeeded', 'failed', 'cancelled')).toMatchObject({
      state: 'succeeded',
      bandwidth: 64 * MiB,
      paused: null,
    });
    const events = await eventsOf(parts, id);
    expect(events.find(({ kind }) => kind === 'step-paused')).toMatchObject({
      pause: { step: 0, fileSystem: one.ground.fileSystem },
      call: expect.stringContaining('--bytes --bandwidth 1'),
    });
    expect(events.find(({ kind }) => kind === 'step-resumed')).toMatchObject({
      step: 0,
      fileSystem: one.ground.fileSystem,
    });
    expect(parts.chain(guest)).toHaveLength(one.layers);
    expect(await contentOf(guest)).toBe(before);
    expect(parts.broken).toEqual([]);
  },
);

test.each(CASES)(
  'a $name that is to be cancelled is, with the figures, before the file system is full',
  async (one) => {
    const guest = await guestOn(`space-cancel-${one.name}`, one.on, one.ground);
    const { parts } = await opened(one.ground === LARGE ? 300 * MiB : undefined);
    const before = await contentOf(guest);
    const id = await started(parts, guest, one, 'cancel');
    await fill(one.ground);
    expect(await parts.reached(id, 'succeeded', 'failed', 'cancelled')).toMatchObject({
      state: 'cancelled',
      problem: { code: RAN_OUT, params: { fileSystem: one.ground.fileSystem } },
    });
    expect(await freeAt(one.ground.fileSystem)).toBeGreaterThan(0);
    expect((await eventsOf(parts, id)).map(({ kind }) => kind)).not.toContain('cancel-asked');
    expect(parts.chain(guest)).toHaveLength(3);
    if (one.name === 'copy')
      await expect(stat(moved(guest, one.ground))).rejects.toMatchObject({ code: 'ENOENT' });
    expect((await virsh(alpha, 'domstate', guest.uuid)).trim()).toBe('running');
    expect(await contentOf(guest)).toBe(before);
    expect(parts.broken).toEqual([]);
  },
);

test('a restarted dashboard keeps an operation paused, whatever speed QEMU keeps to by then, and resumes it when there is free space', async () => {
  const guest = await guestOn('space-restart', 'active', TINY);
  const { parts, again } = await opened();
  const before = await contentOf(guest);
  const id = await started(parts, guest, PULL, 'pause');
  const free = await fill(TINY);
  await paused(parts, id);
  const next = await parts.stop().then(again);
  expect((await next.operation(id)).paused).toMatchObject({ fileSystem: tiny });
  await next.sampled(id);
  await standsStill(next, id);
  const third = await next.stop().then(again);
  // Somebody sets another speed with virsh: what is paused stays paused.
  await virsh(alpha, 'blockjob', guest.uuid, 'vda', '--bytes', '--bandwidth', '4096');
  await third.sampled(id);
  const keepsTo = () => virsh(alpha, 'blockjob', guest.uuid, 'vda', '--raw', '--bytes');
  await until('the least speed again', async () => (await keepsTo()).includes('bandwidth=1\n'));
  await standsStill(third, id);
  // Slowly: what the pull writes between two measurements counts as others' writes, and at full speed it would pause again.
  await third.engine.setSpeed(id, MiB, 'tester');
  await free();
  expect(await third.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  const kinds = (await eventsOf(third, id)).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'step-paused' || kind === 'step-resumed')).toEqual([
    'step-paused',
    'step-resumed',
  ]);
  expect(await contentOf(guest)).toBe(before);
});

test('what ran on while no dashboard watched, and somebody filled the file system, is paused by the next one', async () => {
  const guest = await guestOn('space-unwatched', 'active', TINY);
  const { parts, again } = await opened();
  const before = await contentOf(guest);
  const id = await started(parts, guest, PULL, 'pause');
  await parts.stop();
  const free = await fill({ ...TINY, left: 5 * MiB });
  const next = await again();
  await paused(next, id);
  await standsStill(next, id);
  expect(await freeAt(tiny)).toBeGreaterThan(0);
  // Somebody lets it go on; what is left is too little even so, and it stands still again.
  await next.engine.resumePaused(id, 'bob');
  await until(
    'a pause that spares nothing',
    async () => (await next.operation(id)).paused?.neededWithReserve === null,
  );
  await standsStill(next, id);
  expect(await freeAt(tiny)).toBeGreaterThan(0);
  await free();
  await next.engine.setSpeed(id, 0, 'tester');
  expect(await next.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  expect(await contentOf(guest)).toBe(before);
});

test('what waits for free space takes from the reserve once somebody says so, and succeeds where that is enough', async () => {
  const guest = await guestOn('space-anyway', 'active', TINY);
  // All but what the work may take until it stands still is reserve.
  const { parts, again } = await opened(6.5 * MiB);
  const before = await contentOf(guest);
  const id = await started(parts, guest, { ...PULL, ground: TINY }, 'pause');
  const copied = async () => (await parts.sampled(id)).grownBy ?? 0;
  await until('most of it', async () => (await copied()) >= 14 * MiB);
  await fill({ ...TINY, left: 6 * MiB });
  await paused(parts, id);
  const next = await parts.stop().then(again);
  await next.engine.resumePaused(id, 'bob');
  expect(await next.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded', paused: null });
  expect((await eventsOf(next, id)).map(({ kind }) => kind)).toContain('resume-asked');
  expect(await contentOf(guest)).toBe(before);
  expect(next.broken).toEqual([]);
});

test('on a host whose files are unreachable its pool reports free space, also for an image that QEMU has only just made', async () => {
  const guest = await guestOn('space-far', 'none', LARGE);
  const pool = ['pool-create-as', 'space-far', 'dir', '--target', LARGE.fileSystem];
  await virsh(alpha, ...pool);
  onTestFinished(() => virsh(alpha, 'pool-destroy', 'space-far').then(() => {}));
  const parts = await openDashboard({
    uris: ['qemu+ssh://elsewhere/session'],
    database: join((await folder()).path, 'db.sqlite'),
    connectTo: (_uri, options) => connect(alpha.uri, options),
    reserve: { share: 1, most: 300 * MiB },
  });
  onTestFinished(parts.stop);
  const before = await contentOf(guest);
  const file = moved(guest, LARGE);
  guest.files.push(file);
  const intent = () => ({ kind: 'move', target: 'vda', file, strategy: 'copy' }) as const;
  const id = await started(parts, guest, { intent, ground: LARGE }, 'pause');
  const free = await fill(LARGE);
  await paused(parts, id);
  expect(await parts.operation(id)).toMatchObject({ paused: { fileSystem: LARGE.fileSystem } });
  await standsStill(parts, id, LARGE);
  await free();
  await parts.engine.setSpeed(id, 0, 'tester');
  expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  expect(await contentOf(guest)).toBe(before);
  expect(parts.broken).toEqual([]);
});

test.each(['pause', 'cancel'] as const)(
  'of several steps the one that has too little free space meets its own %s',
  async (onFull) => {
    const name = `space-steps-${onFull}`;
    // Of these MiB, from the base up, going into the third moves the least.
    const layers = [30, 8, 12, 1, 1].map((length, level) => ({
      file: level === 2 ? join(tiny, `${name}-${level}.qcow2`) : `${name}-${level}.qcow2`,
      writes: [
        { pattern: 16 + level, offset: ([0, 30, 38, 50, 51][level] ?? 0) * MiB, length: length * MiB },
      ],
    }));
    const guest = await guestFor({ name, disks: [{ layers, size: 64 * MiB }] });
    const { parts } = await opened();
    const before = await contentOf(guest);
    const intent: Intent = {
      kind: 'shorten',
      target: 'vda',
      goal: { kind: 'above', base: imageOf(guest, 4) },
      strategy: 'cheapest',
      pinned: [],
      forgetAfter: false,
    };
    const id = await started(parts, guest, { intent: () => intent, ground: TINY }, onFull);
    await until('the second step', async () =>
      parts.progress.some(
        ({ operationId, step, position }) => operationId === id && step === 1 && position > 0,
      ),
    );
    const free = await fill({ ...TINY, left: 5 * MiB });
    if (onFull === 'pause') {
      await paused(parts, id);
      expect((await parts.operation(id)).paused).toMatchObject({ step: 1, fileSystem: tiny });
      await standsStill(parts, id);
      await parts.engine.setSpeed(id, 0, 'tester');
      await free();
    }
    const end = onFull === 'pause' ? 'succeeded' : 'cancelled';
    expect(await parts.reached(id, 'succeeded', 'failed', 'cancelled')).toMatchObject({
      state: end,
      problem: onFull === 'pause' ? null : { code: RAN_OUT },
      steps: [{ state: 'done' }, { state: onFull === 'pause' ? 'done' : 'running' }],
    });
    expect(parts.chain(guest)).toEqual(
      (onFull === 'pause' ? [2, 4] : [2, 3, 4]).map((at) => imageOf(guest, at)),
    );
    expect(await contentOf(guest)).toBe(before);
  },
);

test('the pull that follows a migration is paused where it writes, at the destination', async () => {
  const name = 'space-go';
  const layers = [0, 1].map((level) => ({
    file: `${name}-${level}.qcow2`,
    writes: [{ pattern: level + 1, offset: level * 96 * MiB, length: level === 0 ? 96 * MiB : MiB }],
  }));
  const guest = await traveller({ name, disks: [{ layers, size: 128 * MiB }] });
  const { path } = await folder();
  const parts = await openDashboard({
    uris: [alpha.uri, beta.uri],
    database: join(path, 'db.sqlite'),
    reserve: { share: 1, most: 300 * MiB },
  });
  onTestFinished(parts.stop);
  await virsh(beta, 'pool-create-as', name, 'dir', '--target', LARGE.fileSystem);
  onTestFinished(() => virsh(beta, 'pool-destroy', name).then(() => {}));
  const file = join(LARGE.fileSystem, `${name}-there.qcow2`);
  onTestFinished(() => rm(file, { force: true }));
  const before = await contentOf(guest);
  const intent = toBeta(parts, { disks: [{ target: 'vda', file, from: null }] });
  const id = await started(parts, guest, { intent: () => intent, ground: LARGE }, 'pause');
  await until('the pull', async () => parts.progress.some(({ step, size }) => step === 2 && size > 0));
  const free = await fill(LARGE);
  await paused(parts, id);
  expect((await parts.operation(id)).paused).toMatchObject({ step: 2, fileSystem: LARGE.fileSystem });
  await standsStill(parts, id, LARGE);
  expect((await virsh(beta, 'domstate', guest.uuid)).trim()).toBe('running');
  await parts.engine.setSpeed(id, 0, 'tester');
  await free();
  expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded', paused: null });
  expect(await contentThere(guest)).toBe(before);
  expect(parts.broken).toEqual([]);
});

test('what is paused can be cancelled', async () => {
  const guest = await guestOn('space-paused-cancel', 'active', TINY);
  const { parts } = await opened();
  const before = await contentOf(guest);
  const id = await started(parts, guest, PULL, 'pause');
  await fill(TINY);
  await paused(parts, id);
  await parts.engine.cancel(id, 'tester');
  expect(await parts.reached(id, 'succeeded', 'failed', 'cancelled')).toMatchObject({
    state: 'cancelled',
    problem: null,
    paused: null,
  });
  expect(await contentOf(guest)).toBe(before);
});

test('an operation whose free space went while it waited for its turn does not begin before there is some', async () => {
  const guest = await guestOn('space-queue', 'active', TINY);
  const others = await Promise.all([0, 1].map((i) => pullable(`space-queue-${i}`)));
  const { parts } = await opened();
  const before = await contentOf(guest);
  const busy: string[] = [];
  for (const other of others) busy.push((await parts.flatten(other, null, { bandwidth: SLOW })).id);
  for (const other of busy) await parts.sampled(other);
  const { id } = await parts.flatten(guest, null);
  expect((await parts.operation(id)).state).toBe('queued');
  const free = await fill({ ...TINY, left: MiB });
  await parts.engine.cancel(busy[0] ?? '', 'tester');
  await paused(parts, id);
  expect((await virsh(alpha, 'blockjob', guest.uuid, 'vda')).trim()).toBe('');
  expect((await parts.operation(id)).steps).toEqual([{ state: 'waiting' }]);
  await free();
  expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  expect(await contentOf(guest)).toBe(before);
});
