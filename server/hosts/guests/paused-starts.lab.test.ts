import { expect, onTestFinished, test } from 'vitest';
import { digestOf } from '../../../lab/content.ts';
import { killDaemon, startDaemon } from '../../../lab/faults.ts';
import type { LabGuest } from '../../../lab/lab.ts';
import { until } from '../../../lab/process.ts';
import { virsh } from '../../../lab/virsh.ts';
import { alpha, fleetOf, guestFor, lab } from '../testing.ts';
import { PausedStarts } from './paused-starts.ts';
import { Snapshots } from './snapshots.ts';

const stateOf = async ({ uuid }: LabGuest) => (await virsh(alpha, 'domstate', uuid)).trim();

/** Paused starts on a fleet of one host, and a guest that is shut off. */
async function startsWith(name: string) {
  const guest = await guestFor({ name, state: 'shut off', disks: [{ layers: 3, size: 64 * 2 ** 20 }] });
  const { fleet, hostId } = await fleetOf();
  const starts = new PausedStarts(fleet);
  onTestFinished(() => starts.stop());
  return { guest, fleet, starts, ref: { hostId, uuid: guest.uuid } };
}

test('a guest starts paused and stays so until it is destroyed, and nothing of it changes', async () => {
  const { guest, starts, ref } = await startsWith('up-paused');
  const before = await digestOf(lab, guest);
  expect(await starts.startState(ref)).toBe('off');
  await starts.start(ref);
  expect(await stateOf(guest)).toBe('paused');
  expect([await starts.startState(ref), starts.isBound(ref)]).toEqual(['paused', true]);
  await starts.start(ref);
  await starts.destroy(ref);
  expect(await stateOf(guest)).toBe('shut off');
  expect([await starts.startState(ref), starts.isBound(ref)]).toEqual(['off', false]);
  expect(await virsh(alpha, 'dumpxml', guest.uuid)).not.toContain('backchain:');
  expect(await digestOf(lab, guest)).toBe(before);
  await starts.destroy(ref);
});

test('a process that stops leaves the guest shut off', async () => {
  const { guest, starts, ref } = await startsWith('up-let-go');
  await starts.start(ref);
  await starts.stop();
  await until('the guest to be shut off', async () => (await stateOf(guest)) === 'shut off');
  expect(starts.isBound(ref)).toBe(false);
});

test('a libvirtd that is killed forgets the binding; the mark shows the guest, and it can be destroyed', async () => {
  const { guest, fleet, starts, ref } = await startsWith('up-killed');
  await starts.start(ref);
  await killDaemon(lab, alpha);
  await startDaemon(lab, alpha);
  await until('the host', async () => fleet.hosts()[0]?.state === 'connected', 30);
  expect([await starts.startState(ref), starts.isBound(ref)]).toEqual(['paused', false]);
  expect(await stateOf(guest)).toBe('paused');
  await starts.destroy(ref);
  expect(await stateOf(guest)).toBe('shut off');
});

test('a guest that somebody resumed is left running, and so is one that was started by somebody else', async () => {
  const { guest, starts, ref } = await startsWith('up-resumed');
  await starts.start(ref);
  await virsh(alpha, 'resume', guest.uuid);
  await starts.destroy(ref);
  expect([await starts.startState(ref), await stateOf(guest)]).toEqual(['resumed', 'running']);
  await virsh(alpha, 'destroy', guest.uuid);
  await virsh(alpha, 'start', '--paused', guest.uuid);
  await starts.destroy(ref);
  expect([await starts.startState(ref), await stateOf(guest)]).toEqual(['other', 'paused']);
  await expect(starts.start(ref)).rejects.toThrow('already running');
});

test('a saved state is kept', async () => {
  const { guest, fleet, starts, ref } = await startsWith('up-saved');
  const circumstances = () => new Snapshots(fleet).circumstances(ref);
  await virsh(alpha, 'start', guest.uuid);
  expect(await circumstances()).toMatchObject({ savedState: false });
  await virsh(alpha, 'managedsave', guest.uuid);
  expect(await circumstances()).toMatchObject({ savedState: true });
  await expect(starts.start(ref)).rejects.toMatchObject({ problem: { code: 'SAVED_STATE' } });
  expect(await stateOf(guest)).toBe('shut off');
  expect(await circumstances()).toMatchObject({ savedState: true });
  await virsh(alpha, 'managedsave-remove', guest.uuid);
});
