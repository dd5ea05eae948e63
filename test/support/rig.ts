import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { digestOf } from '../../lab/content.ts';
import { createGuest, destroyGuest } from '../../lab/guest.ts';
import type { GuestSpec } from '../../lab/guest-spec.ts';
import { MiB } from '../../lab/image.ts';
import { hostOf, type LabGuest, type LabHost } from '../../lab/lab.ts';
import { virsh } from '../../lab/virsh.ts';
import { lab } from '../../lab/vitest-lab.ts';
import { waitForWrites, writerSpec } from '../../lab/writer.ts';
import { type Dashboard, openDashboard } from './dashboard.ts';

export { lab };
export const alpha = hostOf(lab, 'alpha');
export const beta = hostOf(lab, 'beta');

/** A guest for this test alone, which may undefine it. */
export async function guestFor(spec: GuestSpec): Promise<LabGuest> {
  const guest = await createGuest(lab, spec);
  onTestFinished(async () => {
    const there = await virsh(hostOf(lab, guest.host), 'list', '--all', '--uuid');
    if (there.includes(guest.uuid)) await destroyGuest(lab, guest);
    else await Promise.all(guest.files.map((path) => rm(path, { force: true })));
  });
  return guest;
}

/** A guest whose middle images hold enough that a pull at `SLOW` lasts as long as a test needs it. */
export function pullable(name: string, options: Partial<GuestSpec> = {}): Promise<LabGuest> {
  return fourLayers(name, 24 * MiB, options);
}

/** The same with a quarter of the data. Too little to catch a copy in the middle: QEMU has 16 MiB of it in hand. */
export function small(name: string, options: Partial<GuestSpec> = {}): Promise<LabGuest> {
  return fourLayers(name, 6 * MiB, options);
}

function fourLayers(name: string, middle: number, options: Partial<GuestSpec>): Promise<LabGuest> {
  const layer = (level: number, length: number) => ({
    file: `${name}-${level}.qcow2`,
    writes: [{ pattern: 16 + level, offset: level * 8 * MiB, length }],
  });
  const layers = [layer(0, 2 * MiB), layer(1, middle), layer(2, middle), layer(3, MiB)];
  return guestFor({ name, disks: [{ layers, size: 128 * MiB }], ...options });
}

/** The guest that writes all the time, for this test alone; it has logged so many writes. */
export async function writer(name: string, writes: number): Promise<LabGuest> {
  const guest = await guestFor(writerSpec(lab.dir, { name }));
  await waitForWrites(guest, writes);
  return guest;
}

/** Paths of the images of a guest's first disk from the active one down, as they were made. */
export const imagesOf = ({ disks }: LabGuest) => disks[0]?.images ?? [];

/** The warning of every plan that writes into an image here: the lab has a guest whose base is missing. */
export const UNSURE = { code: 'USERS_UNKNOWN' };

/**
 * A machine type of a time in which a pull still had to be flushed. Its guests are flushed on every host, since nobody knows which
 * QEMU started them.
 */
export const OLD_MACHINE = { machine: 'pc-q35-7.2' };

/** Bytes per second at which a `pullable` guest keeps a job for seconds. */
export const SLOW = 2 * MiB;

/** A dashboard for this test alone, with a journal of its own. */
export async function dashboard(host = alpha, ...others: readonly LabHost[]): Promise<Dashboard> {
  const { path } = await folder();
  return dashboardOn(join(path, 'db.sqlite'), host, ...others);
}

/** The same where nobody can measure the free space of any file system, so that one may fill up. */
export async function unmeasured(host = alpha): Promise<Dashboard> {
  const parts = await dashboard(host);
  parts.ports.imageSpace.freeSpaceAt = async () => null;
  parts.ports.imageSpace.freeSpaceNow = async () => null;
  return parts;
}

/** A dashboard on this journal: after an earlier one was stopped, its next life. */
export async function dashboardOn(
  database: string,
  host = alpha,
  ...others: readonly LabHost[]
): Promise<Dashboard> {
  const opened = await openDashboard({ uris: [host.uri, ...others.map(({ uri }) => uri)], database });
  onTestFinished(opened.stop);
  return opened;
}

export async function folder(): Promise<{ path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'backchain-test-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return { path };
}

export const contentOf = (guest: LabGuest, target = 'vda') => digestOf(lab, guest, target);

export const jobOf = (guest: LabGuest, target = 'vda') =>
  virsh(hostOf(lab, guest.host), 'blockjob', guest.uuid, target);
