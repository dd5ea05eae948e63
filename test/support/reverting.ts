import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { MiB } from '../../lab/image.ts';
import { hostOf, type LabGuest, type LabHost } from '../../lab/lab.ts';
import { until } from '../../lab/process.ts';
import { virsh } from '../../lab/virsh.ts';
import type { Problem } from '../../model/problem.ts';
import { monitorOf } from './monitor.ts';
import { contentOf, guestFor, lab } from './rig.ts';

/** Milliseconds. */
const SECOND = 1000;

/** What every plan of a revert is refused for where libvirt reverts to no external snapshot, as in 9.0. */
export const UNSUPPORTED: readonly Problem[] = [{ code: 'REVERT_UNSUPPORTED', params: {} }];

/** Reverts by virsh. libvirt names new overlays by the second, and refuses to make two of one name. */
export async function revertByVirsh(host: LabHost, guest: LabGuest, snapshot: string): Promise<void> {
  const began = Math.floor(Date.now() / SECOND);
  await until('the next second', async () => Math.floor(Date.now() / SECOND) > began);
  await virsh(host, 'snapshot-revert', guest.uuid, snapshot);
}

/** A running guest whose snapshots were taken with virsh, and what it read at each moment. */
export interface Recorded {
  readonly guest: LabGuest;
  /** What each disk read when a snapshot was taken, and `now`. */
  readonly contents: ReadonlyMap<string, Contents>;
  /** Names of the files that are in the folder for it. */
  files(): Promise<readonly string[]>;
  /** What its disks read. */
  read(): Promise<Contents>;
}

export type Contents = readonly [vda: string, vdb: string];

/** s1 is of vda and vdb, s2 of vda alone. Something is written before each of them, and after the last. */
export async function recorded(name: string, host = 'beta'): Promise<Recorded> {
  const at = hostOf(lab, host);
  const files = async () =>
    (await readdir(at.images)).filter((file) => file.startsWith(`${name}-`)).toSorted();
  onTestFinished(async () => {
    await Promise.all((await files()).map((file) => rm(join(at.images, file), { force: true })));
  });
  const disks = ['vda', 'vdb'].map((target) => ({ target, layers: 1, size: 16 * MiB }));
  const guest = await guestFor({ host, name, disks });
  const read = async (): Promise<Contents> => [await contentOf(guest), await contentOf(guest, 'vdb')];
  const contents = new Map<string, Contents>();
  const monitor = await monitorOf(guest);

  /** QEMU itself writes, as the guest's devices would. */
  async function write(pattern: number, ...numbers: readonly number[]) {
    for (const number of numbers) {
      const backend = `/machine/peripheral/virtio-disk${number}/virtio-backend`;
      const said = await monitor(`qemu-io -d ${backend} "write -P ${pattern} ${pattern * 4096} 64k"`);
      expect(said).not.toMatch(/error|failed/i);
    }
  }

  async function take(snapshot: string, ...rest: readonly string[]) {
    contents.set(snapshot, await read());
    await virsh(at, 'snapshot-create-as', guest.uuid, snapshot, '--disk-only', ...rest);
  }

  await write(101, 0, 1);
  await take('s1');
  await write(102, 0, 1);
  await take('s2', '--diskspec', 'vda', '--diskspec', 'vdb,snapshot=no');
  await write(103, 0, 1);
  contents.set('now', await read());
  return { guest, contents, files, read };
}
