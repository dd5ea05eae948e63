import { rename } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { MiB } from '../../../lab/image.ts';
import { virsh } from '../../../lab/virsh.ts';
import { alpha, fleetOf, guestFor } from '../testing.ts';
import { findDependents } from './dependents.ts';
import { readRegister } from './register.ts';

test.each([
  ['files', false],
  ['pools', true],
])('what a guest’s own snapshots rest on is in use, by its %s', async (kind, elsewhere) => {
  const made = await guestFor({ name: `rests-${kind}`, disks: [{ layers: 1, size: 16 * MiB }] });
  const [base = ''] = made.disks[0]?.images ?? [];
  const { fleet, keys, disk, shows, hostId, guest } = await fleetOf(alpha, { elsewhere });
  // Stands for a libvirt that reverts to external snapshots, which Debian 12's can't. The records are the same.
  Object.assign(fleet.supervisor(hostId).source().capabilities, { revertsExternalSnapshots: true });
  const { uuid } = made;
  const refresh = () => fleet.refresh({ hostId, uuid });
  for (const [i, snapshot] of ['s1', 's2', 's3'].entries()) {
    await virsh(alpha, 'snapshot-create-as', uuid, snapshot, '--disk-only');
    refresh();
    await shows('the snapshot', () => keys(made)?.length === i + 2 && guest(made)?.records.length === i + 1);
    made.files.push(keys(made)?.[0] ?? '');
  }
  const [, s2 = '', s1 = ''] = keys(made) ?? [];
  await virsh(alpha, 'pool-refresh', 'default');
  await virsh(alpha, 'blockpull', uuid, 'vda', '--base', base, '--wait');
  refresh();
  await shows('the pull', () => keys(made)?.length === 2);

  const images = disk(made)?.chain?.images ?? [];
  const records = async () => {
    const found = await findDependents(fleet, { hostId, uuid, target: 'vda' }, images.slice(1));
    return found.records.map(({ record, image }) => [record, image]).toSorted();
  };
  const all = ['s1', 's2', 's3'].map((record) => [record, base]);
  expect(await records()).toEqual(all);
  const used = async () => {
    const register = await readRegister(fleet, hostId, 'enough');
    const paths = register.records.filter(({ user }) => user.uuid === uuid).map(({ path }) => path);
    return [base, s1, s2].map((path) => paths.includes(path));
  };
  expect(await used()).toEqual([true, true, true]);

  await rename(s2, `${s2}.away`);
  made.files.push(`${s2}.away`);
  await virsh(alpha, 'pool-refresh', 'default');
  refresh();
  await shows('the missing image', () => guest(made)?.reverts?.aside.some(isOut) === true);
  // A missing image leads nowhere. Where only pools are known, it may be there, and then the same images back it.
  expect(await records()).toEqual(elsewhere ? all : all.slice(0, 2));
  const { unread } = await readRegister(fleet, hostId, 'enough');
  const unknown = unread
    .filter(({ code }) => code === 'RECORD_CHAIN_UNKNOWN')
    .map(({ params }) => params.record);
  expect(unknown).toEqual(elsewhere ? ['s3'] : []);
});

const isOut = ({ missing, problem }: { missing: boolean; problem: unknown }) => missing || problem !== null;
