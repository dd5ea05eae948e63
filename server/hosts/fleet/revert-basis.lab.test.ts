import { rename } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { MiB } from '../../../lab/image.ts';
import { virsh } from '../../../lab/virsh.ts';
import { recordStates } from '../../../model/fleet/record-state.ts';
import { alpha, fleetOf, guestFor } from '../testing.ts';

test.each([
  ['this machine', false],
  ['a host of which only the pools can be asked', true],
])('what reverts go by, on %s', async (_, elsewhere) => {
  const name = `basis-${elsewhere ? 'pools' : 'files'}`;
  const made = await guestFor({ name, disks: [{ layers: 1, size: 16 * MiB }] });
  const [base = ''] = made.disks[0]?.images ?? [];
  const { fleet, guest, keys, shows, hostId } = await fleetOf(alpha, { elsewhere });
  // Stands for a libvirt that reverts to external snapshots, which Debian 12's can't. The records are the same.
  Object.assign(fleet.supervisor(hostId).source().capabilities, { revertsExternalSnapshots: true });
  const { uuid } = made;
  const refresh = () => fleet.refresh({ hostId, uuid });
  const states = () =>
    Object.fromEntries(recordStates(guest(made) ?? { disks: [], records: [], reverts: null }));
  for (const [i, snapshot] of ['s1', 's2'].entries()) {
    await virsh(alpha, 'snapshot-create-as', uuid, snapshot, '--disk-only');
    refresh();
    await shows('the snapshot', () => keys(made)?.length === i + 2 && guest(made)?.records.length === i + 1);
    made.files.push(keys(made)?.[0] ?? '');
  }
  await virsh(alpha, 'pool-refresh', 'default');
  const [, s1 = ''] = keys(made) ?? [];
  expect(guest(made)?.reverts).toMatchObject({ current: 's2', aside: [] });
  expect(states()).toEqual({ s1: 'good', s2: 'good' });

  await virsh(alpha, 'blockpull', uuid, 'vda', '--wait');
  refresh();
  await shows('the flattened disk', () => keys(made)?.length === 1);
  expect(guest(made)?.reverts).toMatchObject({
    current: 's2',
    aside: [
      { key: s1, backing: base, problem: null, missing: false },
      { key: base, backing: null, problem: null, missing: false },
    ],
  });
  expect(states()).toEqual({ s1: 'detached', s2: 'detached' });
  expect(Object.keys(guest(made)?.reverts?.writtenAt ?? {}).toSorted()).toEqual(
    elsewhere ? [] : [base, s1].toSorted(),
  );

  await rename(s1, `${s1}.away`);
  await virsh(alpha, 'pool-refresh', 'default');
  made.files.push(`${s1}.away`);
  refresh();
  // A pool may not have been told of a file that is there.
  await shows('the missing image', () => states().s2 === (elsewhere ? 'unknown' : 'useless'));
  expect(states().s1).toBe('detached');
});
