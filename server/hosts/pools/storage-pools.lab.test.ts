import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { virsh } from '../../../lab/virsh.ts';
import { alpha, fleetOf, lab } from '../testing.ts';
import { listPools, poolsWithFreeSpace } from './storage-pools.ts';

test('the pools of a host are listed with their free space, stopped ones without', async () => {
  const { fleet, hostId } = await fleetOf();
  const nowhere = join(lab.dir, 'nowhere');
  await virsh(alpha, 'pool-define-as', 'pools-stopped', 'dir', '--target', nowhere);
  onTestFinished(async () => void (await virsh(alpha, 'pool-undefine', 'pools-stopped')));
  const pools = await listPools(fleet.supervisor(hostId).source().connection);
  const [available, capacity] = [expect.any(Number), expect.any(Number)];
  expect(pools).toContainEqual({ name: 'default', path: alpha.images, running: true, available, capacity });
  expect(pools).toContainEqual({
    name: 'pools-stopped',
    path: nowhere,
    running: false,
    available: null,
    capacity: null,
  });
});

test('regression: a pool showed more free space than the plan found in it', async () => {
  const { fleet, hostId } = await fleetOf();
  const pools = await poolsWithFreeSpace(fleet.supervisor(hostId));
  const { bavail, bsize } = await statfs(alpha.images);
  const { available } = pools.find(({ name }) => name === 'default') ?? {};
  // Others write meanwhile.
  expect(Math.abs((available ?? 0) - bavail * bsize)).toBeLessThan(2 ** 30);
});
