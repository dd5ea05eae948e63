import { rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { MiB } from '../../../lab/image.ts';
import type { LabGuest } from '../../../lab/lab.ts';
import { until } from '../../../lab/process.ts';
import { run } from '../../../lab/run.ts';
import { virsh } from '../../../lab/virsh.ts';
import { verifyWriter, waitForWrites, writerSpec } from '../../../lab/writer.ts';
import type { Intent } from '../../../model/kinds/kinds.ts';
import { flattenTo } from '../../../model/testing.ts';
import { type Dashboard, openDashboard } from '../../support/dashboard.ts';
import { doctorOf } from '../../support/doctor.ts';
import { isFile } from '../../support/migrating.ts';
import { alpha, folder, guestFor, imagesOf, jobOf, lab, unmeasured } from '../../support/rig.ts';

// A guest writes all through, while the file system that its data goes to fills up to the last byte.

const fileSystem = lab.folders.second ?? '';
/** Bytes per second at which a job is far from the part of the disk that its guest writes to when the test has done its part. */
const SLOW = MiB;

/** Somebody else's file that leaves so many bytes. Answers how to remove it. */
async function fill(name: string, left: number): Promise<() => Promise<void>> {
  const path = join(fileSystem, name);
  const remove = () => rm(path, { force: true });
  onTestFinished(remove);
  const { bavail, bsize } = await statfs(fileSystem);
  await run('fallocate', ['--length', String(bavail * bsize - left), path]);
  return remove;
}

const newFile = ({ name }: LabGuest) => join(fileSystem, `${name}-new.qcow2`);

/** The writing guest, with its active image there or elsewhere. */
async function writerOn(name: string, there: boolean): Promise<LabGuest> {
  const spec = writerSpec(lab.dir, { name });
  const disks = spec.disks?.map(({ layers, ...disk }) => ({
    ...disk,
    layers:
      typeof layers === 'number' || !there
        ? layers
        : layers.with(-1, { file: join(fileSystem, `${name}-active.qcow2`) }),
  }));
  const guest = await guestFor({ ...spec, ...(disks && { disks }) });
  guest.files.push(newFile(guest));
  await waitForWrites(guest, 5);
  return guest;
}

/** Has the guest write so seldom that it leaves most of its disk for later, however long that takes; 0 for as often as it can. */
async function throttle({ uuid }: LabGuest, writes: number): Promise<void> {
  // Each write is read back.
  await virsh(alpha, 'blkdeviotune', uuid, 'vda', '--total-iops-sec', String(2 * writes), '--live');
}

async function measuring(): Promise<Dashboard> {
  const { path } = await folder();
  const parts = await openDashboard({
    uris: [alpha.uri],
    database: join(path, 'db.sqlite'),
    reserve: { share: 1, most: 64 * MiB },
  });
  onTestFinished(parts.stop);
  return parts;
}

const FULL = { state: 'paused', ioError: { disks: [{ target: 'vda', error: 'no-space' }] } };

/** QEMU pauses the guest at a write that finds no free space, and everybody can see why. */
async function stopped(parts: Dashboard, guest: LabGuest): Promise<void> {
  await until('the guest to run out of free space', async () => parts.guest(guest).ioError !== null);
  expect(parts.guest(guest)).toMatchObject(FULL);
  expect(await virsh(alpha, 'domstate', guest.uuid, '--reason')).toContain('I/O error');
  expect(await doctorOf(parts).codes(guest)).toContain('PAUSED_IO_ERROR');
}

/** An operation resumes it, and each write that it logged is there. */
async function expectWhole(parts: Dashboard, guest: LabGuest): Promise<void> {
  if (parts.guest(guest).ioError !== null) {
    const { id } = await parts.run(guest, { kind: 'resume' });
    expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  }
  await waitForWrites(guest, 20);
  expect(parts.guest(guest)).toMatchObject({ state: 'running', ioError: null });
  expect(await verifyWriter(lab, guest)).toMatchObject({ lost: [], errors: [] });
  expect(parts.broken).toEqual([]);
}

test.each<[string, boolean, (guest: LabGuest) => Intent, (guest: LabGuest) => readonly string[]]>([
  ['pull', true, (guest) => flattenTo(imagesOf(guest)[2] ?? ''), (guest) => imagesOf(guest).toSpliced(1, 1)],
  [
    'move by a pull',
    false,
    (guest) => ({ kind: 'move', target: 'vda', file: newFile(guest), strategy: 'pull' }),
    (guest) => [newFile(guest)],
  ],
])(
  'regression: a %s that was paused for space failed where its guest took the last byte and was paused too',
  async (what, there, intent, after) => {
    const guest = await writerOn(`full-${what.replaceAll(' ', '-')}`, there);
    await throttle(guest, 2);
    const parts = await measuring();
    const { id } = await parts.run(guest, intent(guest), SLOW);
    await parts.sampled(id);
    const some = await fill('some.bin', 48 * MiB);
    await until('the pause', async () => Boolean((await parts.operation(id)).paused));
    // For when it resumes.
    await parts.engine.setSpeed(id, 0, 'tester');
    // The guest takes the rest itself.
    const all = await fill('all.bin', 4 * MiB);
    await throttle(guest, 0);
    await stopped(parts, guest);
    // QEMU wakes a job for one more chunk when it pauses the guest, however slow the job is to be.
    const fell = async () => {
      const events = (await parts.store.journal.entries(id)).map(({ event }) => event);
      return events.find(({ kind }) => kind === 'step-out-of-space');
    };
    await until('the end of the job', async () => (await fell()) !== undefined);
    expect(await fell()).toMatchObject({
      problem: { code: 'PULL_FAILED', params: { reason: 'No space left on device' } },
    });
    expect(await jobOf(guest)).toBe('');
    expect((await parts.operation(id)).paused).toBeTruthy();
    await Promise.all([some(), all()]);
    expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({
      state: 'succeeded',
      problem: null,
    });
    await expectWhole(parts, guest);
    expect(parts.chain(guest)).toEqual(after(guest));
  },
);

test('a pull that fills the file system itself fails with the reason, and succeeds again once there is free space', async () => {
  const guest = await writerOn('full-unwatched', true);
  await throttle(guest, 2);
  const parts = await unmeasured();
  const free = await fill('some.bin', 16 * MiB);
  const { id } = await parts.flatten(guest, 2);
  expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({
    state: 'failed',
    problem: { code: 'PULL_FAILED', params: { reason: 'No space left on device' } },
  });
  await throttle(guest, 0);
  await stopped(parts, guest);
  // Without free space it fails the same way again, and says so.
  const again = await parts.run(guest, { kind: 'resume' });
  await parts.reached(again.id, 'succeeded', 'failed');
  await stopped(parts, guest);
  await free();
  await expectWhole(parts, guest);
  const second = await parts.flatten(guest, 2);
  expect(await parts.reached(second.id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  await expectWhole(parts, guest);
  expect(parts.chain(guest)).toEqual(imagesOf(guest).toSpliced(1, 1));
});

test('a copy that fills the file system fails, leaves nothing there, and its guest does not notice', async () => {
  const guest = await writerOn('full-copy', false);
  const parts = await unmeasured();
  const intent: Intent = { kind: 'move', target: 'vda', file: newFile(guest), strategy: 'copy' };
  const { id } = await parts.run(guest, intent, SLOW);
  await parts.sampled(id);
  await fill('some.bin', 32 * MiB);
  await parts.engine.setSpeed(id, 0, 'tester');
  expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({
    state: 'failed',
    problem: { code: 'COPY_FAILED', params: { reason: 'No space left on device' } },
  });
  expect(await isFile(newFile(guest))).toBe(false);
  expect(parts.guest(guest)).toMatchObject({ state: 'running', ioError: null });
  await expectWhole(parts, guest);
  expect(parts.chain(guest)).toEqual(imagesOf(guest));
});

test('a snapshot onto a file system with free space for the empty image only is taken, and its plan warns about what follows', async () => {
  const guest = await writerOn('full-shot', false);
  const parts = await measuring();
  const free = await fill('some.bin', MiB);
  const intent: Intent = {
    kind: 'snapshot',
    name: 'kept',
    description: '',
    quiesce: false,
    disks: [{ target: 'vda', file: newFile(guest) }],
  };
  const { warnings } = await parts.preview(guest, intent);
  // The lab's second file system is one in memory.
  expect(warnings).toMatchObject([
    { code: 'DESTINATION_IN_MEMORY' },
    { code: 'IN_RESERVE', params: { fileSystem } },
  ]);
  const { id } = await parts.run(guest, intent);
  expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  await stopped(parts, guest);
  await free();
  await expectWhole(parts, guest);
  expect(parts.chain(guest)).toEqual([newFile(guest), ...imagesOf(guest)]);
});
