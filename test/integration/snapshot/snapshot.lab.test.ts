import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { blocks, digest } from '../../../lab/content.ts';
import { killDaemon, startDaemon } from '../../../lab/faults.ts';
import { MiB } from '../../../lab/image.ts';
import type { LabGuest } from '../../../lab/lab.ts';
import { virsh } from '../../../lab/virsh.ts';
import { verifyWriter, waitForWrites } from '../../../lab/writer.ts';
import type { Guest } from '../../../model/fleet/guest.ts';
import { recordStates } from '../../../model/fleet/record-state.ts';
import type { Intent } from '../../../model/kinds/kinds.ts';
import type { SnapshotIntent } from '../../../model/plans/snapshot.ts';
import { flattenTo } from '../../../model/testing.ts';
import { monitorOf } from '../../support/monitor.ts';
import { alpha, beta, contentOf, dashboard, guestFor, lab, pullable, writer } from '../../support/rig.ts';

const at = (file: string) => join(alpha.images, file);

/** Made by libvirt, so no guest of the lab takes it away. */
function madeAt(file: string): string {
  onTestFinished(() => rm(at(file), { force: true }));
  return at(file);
}

function snapshotOf(name: string, ...disks: SnapshotIntent['disks']): SnapshotIntent {
  return { kind: 'snapshot', name, description: '', quiesce: false, disks };
}

/** Milliseconds between two writes. Without any, a busy libvirt 11.3 serves the monitor alone, and the snapshot never gets its turn. */
const BREATH = 10;

/** Bytes that successive writes alternate between, so that two of them can be distinguished. */
const VALUES = 250;

const twoDisks = (name: string, state: LabGuest['state'] = 'running') =>
  guestFor({
    name,
    state,
    disks: ['vda', 'vdb'].map((target) => ({
      target,
      layers: [{ file: `${name}-${target}.qcow2`, writes: [{ pattern: 7, offset: MiB, length: MiB }] }],
      size: 16 * MiB,
    })),
  });

/** A guest's snapshot records and what a revert to them would do. */
const recordsOf = (guest: Guest) => [...recordStates(guest)];

test.each(['running', 'shut off'] as const)('P1: a snapshot of a guest that is %s', async (state) => {
  const name = `shot-${state.replace(' ', '-')}`;
  const guest = await twoDisks(name, state);
  const { run, reached, chain, guest: known, store } = await dashboard();
  const before = [await contentOf(guest), await contentOf(guest, 'vdb')];
  const [beside, chosen] = [madeAt(`${name}-vda.before it.qcow2`), madeAt(`${name}-new.qcow2`)];
  const intent = {
    ...snapshotOf('before it', { target: 'vda', file: null }, { target: 'vdb', file: chosen }),
    description: 'because',
  };
  const { id } = await run(guest, intent);
  const operation = await reached(id, 'succeeded', 'failed');
  expect(operation).toMatchObject({ state: 'succeeded', problem: null });
  const [a = '', b = ''] = guest.disks.map(({ images }) => images[0]);
  expect([chain(guest), chain(guest, 'vdb')]).toEqual([
    [beside, a],
    [chosen, b],
  ]);
  expect(known(guest).records).toMatchObject([
    {
      name: 'before it',
      description: 'because',
      disks: [
        { frozen: a, overlay: beside },
        { frozen: b, overlay: chosen },
      ],
    },
  ]);
  expect([await contentOf(guest), await contentOf(guest, 'vdb')]).toEqual(before);
  expect([await digest(a), await digest(b)]).toEqual(before);
  expect((await store.journal.entries(id)).map(({ event }) => event.kind)).toEqual([
    'created',
    'started',
    'step-intended',
    'step-running',
    'step-done',
    'ended',
  ]);
});

test('P1: both disks are frozen at one moment, while the guest writes to one after the other', async () => {
  const guest = await twoDisks('shot-moment');
  const { run, reached, broken } = await dashboard();
  const monitor = await monitorOf(guest);
  /** QEMU itself writes, as the guest's device would. */
  const write = async (disk: number, value: number) => {
    await monitor(
      `qemu-io -d /machine/peripheral/virtio-disk${disk}/virtio-backend "write -P ${value} 0 64k"`,
    );
    await delay(BREATH);
  };
  let round = 0;
  const next = async () => {
    round++;
    await write(0, 1 + (round % VALUES));
    await write(1, 1 + (round % VALUES));
  };
  await next();
  let over = false;
  const writing = (async () => {
    while (!over) await next();
  })();
  const intent = snapshotOf(
    'moment',
    { target: 'vda', file: madeAt('m-a') },
    { target: 'vdb', file: madeAt('m-b') },
  );
  const before = round;
  try {
    const { id } = await run(guest, intent);
    expect(await reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  } finally {
    over = true;
    await writing;
  }
  expect(round).toBeGreaterThan(before + 1);
  const first = async (path: string) => {
    for await (const { offset, bytes } of blocks(path)) if (offset === 0) return bytes[0] ?? 0;
    return 0;
  };
  const [a, b] = [await first(guest.disks[0]?.images[0] ?? ''), await first(guest.disks[1]?.images[0] ?? '')];
  expect(Math.min(a, b)).toBeGreaterThan(0);
  // The first disk has what the second one has, or is one write ahead.
  expect((a - b + VALUES) % VALUES).toBeLessThanOrEqual(1);
  expect(broken).toEqual([]);
});

describe('P1: what can’t be done is refused before anything is done', () => {
  test('by its name, its paths, its disks and its agent', async () => {
    const guest = await twoDisks('shot-refused');
    const { preview, run, chain } = await dashboard();
    await mkdir(at('shot-folder'), { recursive: true });
    onTestFinished(() => rm(at('shot-folder'), { recursive: true }));
    await writeFile(madeAt('shot-empty'), '');
    await run(guest, snapshotOf('taken', { target: 'vda', file: madeAt('shot-taken') }));
    await expect.poll(() => chain(guest)).toHaveLength(2);
    const refusals = async (intent: Intent) =>
      (await preview(guest, intent)).refusals.map(({ code }) => code);
    const intentTo = (file: string | null, name = 'new') => snapshotOf(name, { target: 'vdb', file });
    expect(await refusals(intentTo(null, 'taken'))).toEqual(['SNAPSHOT_NAME_TAKEN']);
    expect(await refusals(intentTo(null, 'a/b'))).toContain('SNAPSHOT_NAME_BAD');
    expect(await refusals(intentTo(''))).toEqual(['DESTINATION_EMPTY']);
    expect(await refusals(intentTo('images/x'))).toEqual(['DESTINATION_RELATIVE']);
    expect(await refusals(intentTo(`${alpha.images}/../x`))).toEqual(['DESTINATION_NOT_PLAIN']);
    // libvirt itself would overwrite an empty one.
    expect(await refusals(intentTo(at('shot-empty')))).toEqual(['DESTINATION_EXISTS']);
    expect(await refusals(intentTo(at('shot-folder')))).toEqual(['DESTINATION_IS_FOLDER']);
    expect(await refusals(intentTo(at('shot-empty/x')))).toEqual(['DESTINATION_NOT_A_FOLDER']);
    expect(await refusals(intentTo(at('no-such/x')))).toEqual(['DESTINATION_NO_FOLDER']);
    expect(await refusals({ ...intentTo(null), quiesce: true })).toEqual(['NO_AGENT']);
    await expect(run(guest, intentTo(at('shot-folder')))).rejects.toMatchObject({
      kind: 'refused',
      problem: { code: 'DESTINATION_IS_FOLDER' },
    });
    expect(chain(guest, 'vdb')).toHaveLength(1);
  });

  test('what only libvirt knows is reported by its text, and no disk is frozen', async () => {
    const guest = await twoDisks('shot-words');
    const { run, reached, chain, ports, diskOf } = await dashboard();
    // A folder that libvirt may not write.
    await mkdir(at('shot-locked'), { mode: 0o555 });
    onTestFinished(() => rm(at('shot-locked'), { recursive: true }));
    const intent = snapshotOf(
      'x',
      { target: 'vda', file: madeAt('shot-free') },
      { target: 'vdb', file: at('shot-locked/x') },
    );
    const { id } = await run(guest, intent);
    const { problem } = await reached(id, 'failed', 'succeeded');
    expect(problem).toMatchObject({
      code: 'SNAPSHOT_REFUSED',
      params: { reason: expect.stringContaining('Permission denied') },
    });
    await ports.freshGuests.guest(diskOf(guest));
    expect([chain(guest), chain(guest, 'vdb')].map(({ length }) => length)).toEqual([1, 1]);
  });

  test('a transient guest is reported', async () => {
    const guest = await twoDisks('shot-transient');
    await virsh(alpha, 'undefine', guest.uuid);
    onTestFinished(async () => void (await virsh(alpha, 'destroy', guest.uuid)));
    const { preview, run, reached, chain } = await dashboard();
    const intent = snapshotOf('t', { target: 'vda', file: madeAt('shot-t') });
    const plan = await preview(guest, intent);
    expect([plan.refusals, plan.warnings.map(({ code }) => code)]).toEqual([[], ['GUEST_TRANSIENT']]);
    const { id } = await run(guest, intent);
    expect(await reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
    expect(chain(guest)).toHaveLength(2);
  });
});

test('a libvirtd that is killed while it is asked leaves a snapshot that is there, or is not', async () => {
  const guest = await guestFor({ name: 'shot-killed', host: 'beta', disks: [{ layers: 1, size: 16 * MiB }] });
  const { run, reached, chain, guest: known, fleet } = await dashboard(beta);
  const before = await contentOf(guest);
  const file = join(beta.images, 'shot-killed-new');
  onTestFinished(() => rm(file, { force: true }));
  const { id } = await run(guest, snapshotOf('k', { target: 'vda', file }));
  await killDaemon(lab, beta);
  await startDaemon(lab, beta);
  await expect.poll(() => fleet.hosts()[0]?.state, { timeout: 30_000 }).toBe('connected');
  const { state } = await reached(id, 'succeeded', 'failed');
  const done = state === 'succeeded';
  expect([chain(guest).length, known(guest).records.length]).toEqual(done ? [2, 1] : [1, 0]);
  expect(await contentOf(guest)).toBe(before);
});

describe('P3: records', () => {
  /** Two records, whose images somebody pulled away. */
  async function stale(name: string) {
    const layers = [0, 1, 2, 3].map((level) => ({
      file: `${name}-${level}.qcow2`,
      writes: [{ pattern: level + 1, offset: level * MiB, length: MiB }],
      ...(level === 1 || level === 2 ? { snapshot: `night-${level}` } : {}),
    }));
    const guest = await guestFor({ name, disks: [{ layers, size: 16 * MiB }] });
    await virsh(alpha, 'blockpull', guest.uuid, 'vda', '--base', guest.disks[0]?.images[3] ?? '', '--wait');
    return guest;
  }

  test('those that nobody can revert to go one by one, others only all at once, and no data is touched', async () => {
    const guest = await stale('shot-stale');
    const { run, reached, guest: known, chain, preview } = await dashboard();
    const before = await contentOf(guest);
    const images = chain(guest);
    const names = () =>
      known(guest)
        .records.map(({ name }) => name)
        .toSorted();
    const forget = async (...forgotten: readonly string[]) => {
      const { id } = await run(guest, { kind: 'forget', names: forgotten });
      expect(await reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
    };
    expect(names()).toEqual(['night-1', 'night-2']);
    const one = await preview(guest, { kind: 'forget', names: ['night-1'] });
    if (known(guest).reverts === null) {
      expect([one.refusals, one.warnings]).toEqual([[], []]);
      await forget('night-1');
      expect(names()).toEqual(['night-2']);
      const gone = await preview(guest, { kind: 'forget', names: ['night-1', 'night-2'] });
      expect(gone.refusals).toEqual([{ code: 'RECORD_UNKNOWN', params: { name: 'night-1' } }]);
      await forget('night-2');
    } else {
      // The files that it froze are there, and the next revert goes by it.
      expect(one.refusals).toEqual([{ code: 'FORGET_CURRENT', params: { name: 'night-1' } }]);
      expect(one.warnings).toEqual([{ code: 'RECORD_REVERTIBLE', params: { name: 'night-1' } }]);
      const other = await preview(guest, { kind: 'forget', names: ['night-0'] });
      expect(other.refusals).toEqual([{ code: 'RECORD_UNKNOWN', params: { name: 'night-0' } }]);
      await forget('night-1', 'night-2');
    }
    expect(names()).toEqual([]);
    expect(chain(guest)).toEqual(images);
    expect(await contentOf(guest)).toBe(before);
  });

  test('a flatten forgets those that nobody can revert to afterwards', async () => {
    const guest = await pullable('shot-after');
    const { run, reached, guest: known } = await dashboard();
    const before = await contentOf(guest);
    const first = await run(guest, snapshotOf('merged', { target: 'vda', file: madeAt('shot-after-4') }));
    await reached(first.id, 'succeeded');
    const base = guest.disks[0]?.images[3] ?? '';
    const { id } = await run(guest, flattenTo(base, { forgetAfter: true }));
    const operation = await reached(id, 'succeeded', 'failed');
    const reverts = known(guest).reverts !== null;
    expect(operation.steps.map(({ state }) => state)).toEqual(reverts ? ['done'] : ['done', 'done']);
    expect(recordsOf(known(guest))).toEqual(reverts ? [['merged', 'detached']] : []);
    expect(await contentOf(guest)).toBe(before);
  });
});

test('P1, P2, P3: the writing guest loses nothing over snapshot, pull and forgetting, and the frozen images stay', async () => {
  const guest = await writer('shot-writer', 30);
  const overlay = madeAt('shot-writer-new.qcow2');
  const { run, reached, sampled, chain, guest: known, engine } = await dashboard();
  const [active = '', , base = ''] = guest.disks[0]?.images ?? [];
  const changes = { snapshotFirst: { name: 'before', file: overlay }, forgetAfter: true };
  // One byte per second: it does not end while the guest takes its time to write.
  const { id } = await run(guest, flattenTo(base, changes), 1);
  await sampled(id);
  expect(chain(guest)[0]).toBe(overlay);
  const frozen = await digest(active);
  await waitForWrites(guest, 60);
  await engine.setSpeed(id, 0, 'tester');
  const operation = await reached(id, 'succeeded', 'failed');
  expect(operation).toMatchObject({ state: 'succeeded', problem: null });
  const reverts = known(guest).reverts !== null;
  expect(operation.steps.map(({ state }) => state)).toEqual(Array(reverts ? 2 : 3).fill('done'));
  expect(operation.grownBy).toBeGreaterThan(0);
  expect(chain(guest)).toEqual([overlay, base]);
  expect(recordsOf(known(guest))).toEqual(reverts ? [['before', 'detached']] : []);
  await waitForWrites(guest, 30);
  expect(await verifyWriter(lab, guest)).toMatchObject({ lost: [], errors: [] });
  expect(await digest(active)).toBe(frozen);
});

test('a guest that is shut off: a snapshot, the pull and the forgetting in one', async () => {
  const guest = await pullable('shot-off', { state: 'shut off' });
  const overlay = madeAt('shot-off-3.before.qcow2');
  const { run, reached, chain, guest: known } = await dashboard();
  const before = await contentOf(guest);
  const [active = '', , , base = ''] = guest.disks[0]?.images ?? [];
  const changes = { snapshotFirst: { name: 'before', file: null }, forgetAfter: true };
  const { id } = await run(guest, flattenTo(base, changes));
  expect(await reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded', problem: null });
  expect(chain(guest)).toEqual([overlay, base]);
  const left = known(guest).reverts === null ? [] : [['before', 'detached']];
  expect([known(guest).state, recordsOf(known(guest))]).toEqual(['shutoff', left]);
  expect([await contentOf(guest), await digest(active)]).toEqual([before, before]);
});

test('cancelled in the pull, the snapshot stays, and the guest reads the same', async () => {
  const guest = await pullable('shot-cancel');
  const overlay = madeAt('shot-cancel-3.before.qcow2');
  const { run, reached, sampled, engine, chain, guest: known } = await dashboard();
  const before = await contentOf(guest);
  const images = chain(guest);
  const changes = { snapshotFirst: { name: 'before', file: null }, forgetAfter: true };
  const { id } = await run(guest, flattenTo(null, changes), MiB);
  await sampled(id);
  await engine.cancel(id, 'tester');
  expect(await reached(id, 'cancelled', 'failed', 'succeeded')).toMatchObject({ state: 'cancelled' });
  expect(chain(guest)).toEqual([overlay, ...images]);
  expect(known(guest).records).toMatchObject([{ name: 'before' }]);
  expect(await contentOf(guest)).toBe(before);
});
