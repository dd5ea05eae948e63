import { expect, test, vi } from 'vitest';
import { MiB } from '../../../lab/image.ts';
import { virsh } from '../../../lab/virsh.ts';
import { connect, domainRef, LibvirtError } from '../../libvirt/index.ts';
import { alpha, fleetOf, guestFor } from '../testing.ts';
import { loadCheckpoints } from './checkpoint-loader.ts';

test('a guest’s checkpoints, in order, with the disks that each is of', async () => {
  const disks = ['vda', 'vdb'].map((target) => ({ target, layers: 1, size: 16 * MiB }));
  const made = await guestFor({ name: 'checkpointed', disks });
  const { fleet, guest, hostId, shows } = await fleetOf(alpha);
  expect(guest(made)?.checkpoints).toEqual({ known: [], problem: null });
  const of = (target: string, kind: string) => `--diskspec ${target},checkpoint=${kind}`;
  await virsh(alpha, `checkpoint-create-as ${made.uuid} z ${of('vda', 'bitmap')} ${of('vdb', 'bitmap')}`);
  await virsh(alpha, `checkpoint-create-as ${made.uuid} a ${of('vda', 'no')} ${of('vdb', 'bitmap')}`);
  fleet.refresh({ hostId, uuid: made.uuid });
  await shows('the checkpoints', () => guest(made)?.checkpoints.known?.length === 2);
  const createdAt = expect.any(Number);
  expect(guest(made)?.checkpoints.known).toEqual([
    { name: 'z', createdAt, parent: null, disks: ['vda', 'vdb'] },
    { name: 'a', createdAt, parent: 'z', disks: ['vdb'] },
  ]);
});

test('checkpoints that libvirt does not list are unknown, with its reason; without the host there are none to speak of', async () => {
  const made = await guestFor({ name: 'uncheckpointed', disks: [{ layers: 1, size: 16 * MiB }] });
  const connection = await connect(alpha.uri);
  const domain = domainRef(made.uuid);
  vi.spyOn(connection, 'call').mockRejectedValueOnce(
    new LibvirtError('LIBVIRT_ACCESS_DENIED', 'access denied', { libvirtCode: 88 }),
  );
  expect(await loadCheckpoints({ connection }, domain)).toEqual({
    known: null,
    problem: { code: 'CHECKPOINTS_UNREADABLE', params: { reason: 'access denied' } },
  });
  expect(await loadCheckpoints({ connection }, domain)).toEqual({ known: [], problem: null });
  await connection.close();
  await expect(loadCheckpoints({ connection }, domain)).rejects.toThrow();
});
