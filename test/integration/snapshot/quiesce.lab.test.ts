import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { killDaemon, startDaemon } from '../../../lab/faults.ts';
import { createGuest, destroyGuest } from '../../../lab/guest.ts';
import type { LabGuest } from '../../../lab/lab.ts';
import { awake, linuxSpec, runIn } from '../../../lab/linux.ts';
import { until } from '../../../lab/process.ts';
import { attempt, run } from '../../../lab/run.ts';
import { virsh } from '../../../lab/virsh.ts';
import type { SnapshotIntent } from '../../../model/plans/snapshot.ts';
import type { Dashboard } from '../../support/dashboard.ts';
import { spawnDashboard } from '../../support/doomed.ts';
import { alpha, dashboard, dashboardOn, folder, lab } from '../../support/rig.ts';

const ENDS = ['succeeded', 'failed', 'cancelled'] as const;

let guest: LabGuest;

beforeAll(async () => {
  guest = await createGuest(lab, await linuxSpec(lab, { name: 'quiet' }));
  await awake(guest);
  await shell('while :; do n=$((n + 1)); echo $n >/vda/n; echo $n >/vdb/n; usleep 20000; done & true');
});

afterAll(() => destroyGuest(lab, guest));

beforeEach(async () => {
  await isConnected();
  connectedAt = Date.now();
  // What the hook was sent before is over.
  await shell('rm -f /hold /frozen');
});

let connectedAt = 0;
/**
 * QEMU tells of a channel's changes at most once in so many milliseconds, and then of the last one only: of an agent that goes and
 * comes in that time libvirt hears nothing, and waits for the old one's answer. Source: QEMU 7.2, monitor/monitor.c, VSERPORT_CHANGE.
 */
const TOLD_EVERY_MS = 1000;
const willBeTold = () =>
  until('a change that QEMU tells of', async () => Date.now() > connectedAt + TOLD_EVERY_MS);

const shell = (command: string) => runIn(lab, guest, command);

const isConnected = () =>
  until('the agent', async () => (await virsh(alpha, 'dumpxml', guest.uuid)).includes("state='connected'"));

/** What the agent did, in order. */
const frozen = async () => (await shell('cat /frozen || true')).split('\n');

/** The agent was asked to freeze the file systems, and has not done it yet. */
const isPaused = () => until('the freeze', async () => (await shell('cat /frozen || true')) === 'freeze');

/** What libvirt says of the guest, such as that somebody tainted it: support refuses those. */
const messages = async () => /^Messages:.*/m.exec(await virsh(alpha, 'dominfo', guest.uuid))?.[0];

/** The guest can write to both disks: else its shell says nothing for half a minute. */
const writes = () => shell('for disk in vda vdb; do date >/$disk/now; done; sync');

/** A snapshot of both disks, whose images go with the guest. */
function quiet(name: string, changes: Partial<SnapshotIntent> = {}): SnapshotIntent {
  const disks = ['vda', 'vdb'].map((target) => ({
    target,
    file: join(alpha.images, `quiet-${name}-${target}`),
  }));
  guest.files.push(...disks.map(({ file }) => file));
  return { kind: 'snapshot', name, description: '', quiesce: true, disks, ...changes };
}

const chains = (parts: Dashboard) => ['vda', 'vdb'].map((target) => parts.chain(guest, target));

async function expectNothingDone(parts: Dashboard, before: string[][], name: string) {
  await parts.ports.freshGuests.guest(parts.diskOf(guest));
  expect(chains(parts)).toEqual(before);
  expect(parts.guest(guest).records.map((record) => record.name)).not.toContain(name);
  await writes();
}

/** What somebody finds who takes an image out of the chain: whether the file system was left as after a power cut, and the guest's counter. */
async function foundIn(image: string) {
  const raw = join((await folder()).path, 'raw');
  await run('qemu-img', ['convert', '-U', '-O', 'raw', image, raw]);
  const head = await run('dumpe2fs', ['-h', raw]);
  const { status } = await attempt('e2fsck', ['-f', '-n', raw]);
  const count = Number(await run('debugfs', ['-R', 'cat n', raw]));
  return { needsRecovery: head.includes('needs_recovery'), isClean: status === 0, count };
}

test('P1: the real agent freezes and thaws both file systems; without it they are as after a power cut', async () => {
  const before = await messages();
  const parts = await dashboard();
  const [[a = ''] = [], [b = ''] = []] = chains(parts);
  const rested = await parts.run(guest, quiet('rested'));
  expect(await parts.reached(rested.id, ...ENDS)).toMatchObject({ state: 'succeeded', problem: null });
  expect(await frozen()).toEqual(['freeze', 'thaw']);
  await writes();
  const [one, other] = [await foundIn(a), await foundIn(b)];
  expect([one, other]).toMatchObject([
    { needsRecovery: false, isClean: true },
    { needsRecovery: false, isClean: true },
  ]);
  // One after the other is written.
  expect(one.count - other.count).toBeOneOf([0, 1]);
  const [[c = ''] = []] = chains(parts);
  const cut = await parts.run(guest, quiet('cut', { quiesce: false }));
  expect(await parts.reached(cut.id, ...ENDS)).toMatchObject({ state: 'succeeded' });
  expect(await foundIn(c)).toMatchObject({ needsRecovery: true });
  expect(await frozen()).toEqual(['freeze', 'thaw']);
  expect(await messages()).toBe(before);
});

test('a snapshot that fails once the guest is frozen thaws it', async () => {
  const parts = await dashboard();
  const before = chains(parts);
  // A folder that libvirt may not write.
  await mkdir(join(alpha.images, 'quiet-locked'), { mode: 0o555 });
  onTestFinished(() => rm(join(alpha.images, 'quiet-locked'), { recursive: true }));
  const { disks } = quiet('locked');
  const intent = quiet('locked', {
    disks: disks.map((disk, i) => (i === 1 ? { ...disk, file: join(alpha.images, 'quiet-locked/x') } : disk)),
  });
  const { id } = await parts.run(guest, intent);
  expect(await parts.reached(id, ...ENDS)).toMatchObject({
    state: 'failed',
    problem: { code: 'SNAPSHOT_REFUSED', params: { reason: expect.stringContaining('Permission denied') } },
  });
  expect(await frozen()).toEqual(['freeze', 'thaw']);
  await expectNothingDone(parts, before, 'locked');
});

describe('an agent that can’t be asked to freeze is reported, and nothing is done:', () => {
  test('regression: libvirt waited endlessly for a stopped agent, and took the snapshot when the agent continued', async () => {
    const parts = await dashboard();
    const before = chains(parts);
    await shell('kill -STOP $(pidof qemu-ga)');
    const { id } = await parts.run(guest, quiet('still'));
    const ended = await parts.reached(id, ...ENDS);
    await shell('kill -CONT $(pidof qemu-ga)');
    expect(ended).toMatchObject({ state: 'failed', problem: { code: 'AGENT_SILENT' } });
    await expectNothingDone(parts, before, 'still');
  });

  test('the guest is frozen by somebody else', async () => {
    const parts = await dashboard();
    const before = chains(parts);
    await virsh(alpha, 'domfsfreeze', guest.uuid);
    const { id } = await parts.run(guest, quiet('backup'));
    const ended = await parts.reached(id, ...ENDS);
    expect(await frozen()).toEqual(['freeze']);
    await virsh(alpha, 'domfsthaw', guest.uuid);
    expect(ended).toMatchObject({
      state: 'failed',
      problem: { code: 'AGENT_FROZEN', params: { guest: guest.name } },
    });
    await expectNothingDone(parts, before, 'backup');
  });

  test('it ends in the middle', async () => {
    const parts = await dashboard();
    const before = chains(parts);
    await shell('touch /hold');
    const { id } = await parts.run(guest, quiet('gone'));
    await isPaused();
    await shell('kill -9 $(pidof qemu-ga)');
    expect(await parts.reached(id, ...ENDS)).toMatchObject({
      state: 'failed',
      problem: {
        code: 'THAW_FAILED',
        params: {
          guest: guest.name,
          reason: expect.stringContaining('agent'),
          failure: expect.stringContaining('agent'),
        },
      },
    });
    const calls = async () =>
      (await parts.store.journal.entries(id)).flatMap(({ event }) =>
        event.kind === 'step-thawing' ? [event.call] : [],
      );
    expect(await calls()).toEqual([expect.stringMatching(/^virsh .*domfsthaw quiet$/)]);
    const plan = await parts.preview(guest, quiet('none'));
    expect(plan.refusals).toMatchObject([{ code: 'AGENT_DISCONNECTED' }]);
    await shell('rm /hold; agent >/dev/null 2>&1 & true');
    await expectNothingDone(parts, before, 'gone');
  });
});

test('a guest whose agent ends in the middle and comes back is thawed, and no snapshot is taken', async () => {
  const parts = await dashboard();
  const before = chains(parts);
  await shell('touch /hold');
  const { id } = await parts.run(guest, quiet('back'));
  await isPaused();
  await willBeTold();
  // The new agent begins where the old one has frozen nothing yet, and is asked to thaw.
  await shell('kill -9 $(pidof qemu-ga); rm /hold; agent >/dev/null 2>&1 & true');
  const ended = await parts.reached(id, ...ENDS);
  const events = (await parts.store.journal.entries(id)).map(({ event }) => event.kind);
  expect(events.filter((kind) => kind === 'step-thawing')).toHaveLength(1);
  expect(ended.problem).toMatchObject({ code: 'SNAPSHOT_THAWED' });
  expect(ended.state).toBe('failed');
  await expectNothingDone(parts, before, 'back');
});

test('regression: nothing was shown while libvirt waited for a slow agent; a cancel waits for it too, and the snapshot stays', async () => {
  const parts = await dashboard();
  await shell('touch /hold');
  const { id } = await parts.run(guest, quiet('slow'));
  await isPaused();
  await parts.engine.cancel(id, 'tester');
  const isWarned = async () => {
    const entries = await parts.store.journal.entries(id);
    return entries.some(({ event }) => event.kind === 'step-warned' && event.problem.code === 'AGENT_SLOW');
  };
  await until('the warning', isWarned);
  await shell('rm /hold');
  expect(await parts.reached(id, ...ENDS)).toMatchObject({ state: 'succeeded', problem: null });
  expect(parts.guest(guest).records.map(({ name }) => name)).toContain('slow');
  await writes();
});

test('regression: a libvirtd that was killed while the guest froze left it frozen for good', async () => {
  const parts = await dashboard();
  await shell('touch /hold');
  const { id } = await parts.run(guest, quiet('daemon'));
  await isPaused();
  await killDaemon(lab, alpha);
  await shell('rm /hold');
  await startDaemon(lab, alpha);
  expect(await parts.reached(id, ...ENDS)).toMatchObject({ state: 'succeeded', problem: null });
  // The one that nobody was left to end, and the snapshot's own.
  expect(await frozen()).toEqual(['freeze', 'thaw', 'freeze', 'thaw']);
  await writes();
});

test('a dashboard that is killed while the guest freezes: libvirt continues, and the next dashboard finds the snapshot', async () => {
  const database = join((await folder()).path, 'db.sqlite');
  await shell('touch /hold');
  const intent = quiet('next');
  const first = spawnDashboard({
    uris: [alpha.uri],
    database,
    uuid: guest.uuid,
    intent,
    bandwidth: 0,
    point: null,
  });
  await isPaused();
  first.kill('SIGKILL');
  await once(first, 'exit');
  // While libvirt waits for the agent it answers nobody about the guest's block jobs.
  const parts = await dashboardOn(database);
  expect(parts.guest(guest).disks.map(({ problem }) => problem?.code)).toEqual([
    'GUEST_SILENT',
    'GUEST_SILENT',
  ]);
  await shell('rm /hold');
  const [{ id = '' } = {}] = await parts.store.journal.list({ limit: 1 });
  expect(await parts.reached(id, ...ENDS)).toMatchObject({ state: 'succeeded', problem: null });
  expect(chains(parts).map(([active]) => active)).toEqual(intent.disks.map(({ file }) => file));
  expect(await frozen()).toContain('thaw');
  await writes();
});
