import { rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { freezeQemu, thawQemu } from '../../../lab/faults.ts';
import { until } from '../../../lab/process.ts';
import { attempt } from '../../../lab/run.ts';
import { virsh } from '../../../lab/virsh.ts';
import type { Guest } from '../../../model/fleet/guest.ts';
import { alpha, dashboard, guestFor, imagesOf, lab, pullable } from '../../support/rig.ts';

/** A guest whose QEMU is stopped in the middle of somebody's call. */
async function hung(name: string) {
  const guest = await pullable(name);
  await virsh(alpha, 'snapshot-create-as', guest.uuid, 'kept', '--disk-only');
  const [frozen = ''] = imagesOf(guest);
  const overlay = frozen.replace(/\.[^./]*$/, '.kept');
  guest.files.push(overlay);
  await freezeQemu(lab, guest);
  // It hangs until QEMU goes on, or half a minute.
  const call = attempt('virsh', ['-c', alpha.uri, 'domblkinfo', guest.uuid, 'vda']);
  onTestFinished(async () => {
    await thawQemu(lab, guest).catch(() => undefined);
    await call;
  });
  await until('the call to hang', async () => {
    return (await virsh(alpha, 'domcontrol', guest.uuid)).includes('occupied');
  });
  return { guest, images: [overlay, ...imagesOf(guest)] };
}

const stateOf = ({ state, records, disks }: Guest) => ({
  state,
  records: records.map(({ name }) => name),
  problems: disks.map(({ problem }) => problem?.code),
});

test('regression: a guest whose QEMU hangs under a call was missing from the list for half a minute', async () => {
  const { guest, images } = await hung('silent-known');
  const parts = await dashboard();
  expect(stateOf(parts.guest(guest))).toEqual({
    state: 'running',
    records: ['kept'],
    problems: ['GUEST_SILENT'],
  });
  expect(parts.chain(guest)).toEqual(images);
  await thawQemu(lab, guest);
  await until('the answer', async () => parts.guest(guest).disks[0]?.problem === null);
  expect(parts.chain(guest)).toEqual(images);
});

test('where nobody can read what the daemon wrote, its images are unknown, and no other guest’s image is written', async () => {
  const { guest, images } = await hung('silent-unknown');
  const file = join(dirname(alpha.socket), 'qemu/run', `${guest.name}.xml`);
  await rename(file, `${file}.aside`);
  const other = await guestFor({ name: 'silent-other', disks: [{ layers: 3, size: 16 * 2 ** 20 }] });
  const parts = await dashboard();
  const found = parts.guest(guest);
  const [active = '', middle = '', base = ''] = imagesOf(other);
  const intent = { kind: 'merge-down', target: 'vda', top: middle, base, forgetAfter: false } as const;
  const refusals = async () => (await parts.preview(other, intent)).refusals.map(({ code }) => code);
  // Before libvirt 11 it describes the guest at once.
  if (found.unread === null) expect(parts.chain(guest)).toEqual(images);
  else {
    expect(found).toMatchObject({ state: 'running', disks: [], unread: { code: 'GUEST_UNREAD' } });
    expect(await refusals()).toEqual(['USERS_SILENT']);
  }
  expect(parts.chain(other)).toEqual([active, middle, base]);
  await thawQemu(lab, guest);
  await until('the answer', async () => parts.guest(guest).disks[0]?.problem === null);
  expect(await refusals()).toEqual([]);
  expect(parts.chain(guest)).toEqual(images);
});
