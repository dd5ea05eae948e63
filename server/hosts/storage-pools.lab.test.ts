import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { virsh } from '../../lab/guest.ts';
import { listPools } from './storage-pools.ts';
import { alpha, fleetOf, lab } from './testing.ts';

test('the pools of a host with their room, the stopped ones without', async () => {
  const { fleet, hostId } = await fleetOf();
  const nowhere = join(lab.dir, 'nowhere');
  await virsh(alpha, 'pool-define-as', 'pools-stopped', 'dir', '--target', nowhere);
  onTestFinished(async () => void (await virsh(alpha, 'pool-undefine', 'pools-stopped')));
  const pools = await listPools(fleet.supervisor(hostId).source().connection);
  const available = expect.any(Number);
  expect(pools).toContainEqual({ name: 'default', path: alpha.images, running: true, available });
  expect(pools).toContainEqual({ name: 'pools-stopped', path: nowhere, running: false, available: null });
});
