import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { digestOf } from '../../lab/content.ts';
import { destroyGuest } from '../../lab/guest.ts';
import type { GuestSpec } from '../../lab/guest-spec.ts';
import { MiB } from '../../lab/image.ts';
import type { LabGuest } from '../../lab/lab.ts';
import { virsh } from '../../lab/virsh.ts';
import type { MigrateIntent } from '../../model/plans/migrate/migrate-intent.ts';
import type { Dashboard } from './dashboard.ts';
import { alpha, beta, contentOf, guestFor, lab } from './rig.ts';

/** Where a disk of the guest is to be on beta. */
export const fileThere = ({ name }: { name: string }, target = 'vda') =>
  join(beta.images, `${name}-${target}.qcow2`);

/** A guest on alpha that may go to beta, and is cleared away wherever it ends. */
export async function traveller(spec: GuestSpec): Promise<LabGuest> {
  const guest = await guestFor(spec);
  onTestFinished(async () => {
    const there = await virsh(beta, 'list', '--all', '--uuid');
    if (there.includes(guest.uuid)) await destroyGuest(lab, { ...guest, host: 'beta', files: [] });
    await Promise.all(guest.disks.map(({ target }) => rm(fileThere(guest, target), { force: true })));
    await virsh(beta, 'pool-refresh', 'default');
  });
  return guest;
}

/** Three images, enough in them that a pull takes its time, and a CPU that changes memory so fast that a slow migration never ends. */
export async function endless(name: string, options: Partial<GuestSpec> = {}): Promise<LabGuest> {
  const layers = [0, 1, 2].map((level) => ({
    file: `${name}-${level}.qcow2`,
    writes: [{ pattern: level + 1, offset: level * 8 * MiB, length: 16 * MiB }],
  }));
  const guest = await traveller({ name, busy: true, disks: [{ layers, size: 64 * MiB }], ...options });
  // The memory that changes in a millisecond takes longer than that to send, however little the guest may run.
  await virsh(alpha, `migrate-setspeed ${guest.uuid} 1; migrate-setmaxdowntime ${guest.uuid} 1`);
  return guest;
}

/** The migration of an endless guest may end. */
export const letGo = ({ uuid }: { uuid: string }) => virsh(alpha, 'migrate-setmaxdowntime', uuid, '10000');

/** The same guest, on the host that it went to. */
export const onBeta = (guest: LabGuest): LabGuest => ({ ...guest, host: 'beta' });

export const contentThere = (guest: LabGuest, target = 'vda') => digestOf(lab, onBeta(guest), target);

export const isFile = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

/** To beta, with all that is proposed, unless it says otherwise. */
export function toBeta({ otherHostIds }: Dashboard, changes: Partial<MigrateIntent> = {}): MigrateIntent {
  return { kind: 'migrate', to: otherHostIds[0] ?? '', disks: [], pull: true, forgetFirst: true, ...changes };
}

/** How an operation may end. */
export const ENDS = ['succeeded', 'failed', 'cancelled'] as const;

export const isOn = async (host: typeof alpha, { uuid }: LabGuest) =>
  (await virsh(host, 'list', '--all', '--uuid')).includes(uuid);

/** Keys of the disk's images on beta, from active to base. */
export function chainThere(
  { fleet, otherHostIds: [hostId = ''] }: Dashboard,
  { uuid }: LabGuest,
  target = 'vda',
) {
  const guest = fleet.guest({ hostId, uuid });
  return guest?.disks.find((disk) => disk.target === target)?.chain?.images.map(({ key }) => key) ?? null;
}

/** The guest is where it was, as it was, and nothing of the attempt is left. */
export async function expectNothingDone(parts: Dashboard, guest: LabGuest, before: string): Promise<void> {
  expect(await virsh(alpha, 'domstate', guest.uuid)).toMatch(/running|paused/);
  expect(await isOn(beta, guest)).toBe(false);
  expect(parts.chain(guest)).toEqual(guest.disks[0]?.images);
  expect(await isFile(fileThere(guest))).toBe(false);
  expect(await virsh(beta, 'vol-list', 'default')).not.toContain(fileThere(guest));
  expect(await contentOf(guest)).toBe(before);
  expect(parts.broken).toEqual([]);
}
