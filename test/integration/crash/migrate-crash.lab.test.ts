import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MiB } from '../../../lab/image.ts';
import type { LabGuest } from '../../../lab/lab.ts';
import { until } from '../../../lab/process.ts';
import { virsh } from '../../../lab/virsh.ts';
import { spawnDashboard } from '../../support/doomed.ts';
import type { FaultPoint } from '../../support/fault-point.ts';
import { killPoints } from '../../support/kill-points.ts';
import { contentThere, endless, fileThere, isFile, letGo } from '../../support/migrating.ts';
import { alpha, beta, contentOf, dashboardOn, folder, OLD_MACHINE } from '../../support/rig.ts';

/** A dashboard that migrates the guest to beta until it dies at the fault point. */
async function doomed(guest: LabGuest, point: FaultPoint) {
  const database = join((await folder()).path, 'db.sqlite');
  // The id of a host follows from its URI.
  const scout = await dashboardOn(`${database}-scout`, alpha, beta);
  const [to = ''] = scout.otherHostIds;
  await scout.stop();
  const child = spawnDashboard({
    uris: [alpha.uri, beta.uri],
    database,
    uuid: guest.uuid,
    intent: { kind: 'migrate', to, disks: [], pull: true, forgetFirst: true },
    bandwidth: 16 * MiB,
    point,
  });
  return { child, death: once(child, 'exit'), next: () => dashboardOn(database, alpha, beta) };
}

async function outcomeOf({ store, reached }: Awaited<ReturnType<typeof dashboardOn>>) {
  const [operation] = await store.journal.list({ limit: 1 });
  return reached(operation?.id ?? '', 'succeeded', 'failed', 'cancelled');
}

const migrates = async ({ uuid }: LabGuest) =>
  (await virsh(alpha, 'domjobinfo', uuid).catch(() => '')).includes('Outgoing migration');

const around = (step: number): FaultPoint[] => [
  `before step-intended ${step}`,
  `after step-intended ${step}`,
  `before step-running ${step}`,
  `after step-running ${step}`,
  `before step-done ${step}`,
];

const GOES_ON: readonly FaultPoint[] = [
  'after created',
  ...around(0),
  ...around(1),
  'during 1',
  ...around(2),
  'during 2',
  'before step-flushing 2',
  'after step-flushing 2',
  'after ended',
];

test.each(killPoints(GOES_ON, 1))(
  'a migration whose dashboard is killed %s is ended correctly by the next one',
  async (point) => {
    const guest = await endless(`dead-${point}`.replaceAll(/[^a-z0-9]+/g, '-'), OLD_MACHINE);
    const before = await contentOf(guest);
    const { death, next } = await doomed(guest, point);
    // Only what dies in the middle of it has to find it there.
    if (point !== 'during 1') await letGo(guest);
    expect((await death)[1]).toBe('SIGKILL');
    if (point === 'during 1') expect(await migrates(guest)).toBe(true);
    const parts = await next();
    if (point === 'during 1') await letGo(guest);
    expect(await outcomeOf(parts)).toMatchObject({ state: 'succeeded', problem: null });
    expect(await virsh(alpha, 'list', '--all', '--uuid')).not.toContain(guest.uuid);
    expect(await virsh(beta, 'domblklist', guest.uuid, '--inactive')).toContain(fileThere(guest));
    const images = parts.fleet.guest({ hostId: parts.otherHostIds[0] ?? '', uuid: guest.uuid })?.disks[0]
      ?.chain;
    expect(images?.images.map(({ key }) => key)).toEqual([fileThere(guest)]);
    expect(await contentThere(guest)).toBe(before);
    expect(parts.broken).toEqual([]);
  },
);

const CLEARS_AWAY: readonly FaultPoint[] = [
  'before step-failed 1',
  'after step-failed 1',
  'before step-undone 0',
  'after step-undone 0',
];

test.each(killPoints(CLEARS_AWAY, 0))(
  'a migration that came to nothing, whose dashboard is killed %s, is cleared away by the next one',
  async (point) => {
    const guest = await endless(`clear-${point}`.replaceAll(/[^a-z0-9]+/g, '-'));
    const before = await contentOf(guest);
    const { death, next } = await doomed(guest, point);
    await until('the migration', () => migrates(guest));
    await virsh(alpha, 'domjobabort', guest.uuid);
    expect((await death)[1]).toBe('SIGKILL');
    expect(await isFile(fileThere(guest))).toBe(true);
    const parts = await next();
    expect(await outcomeOf(parts)).toMatchObject({ state: 'failed' });
    expect(await isFile(fileThere(guest))).toBe(false);
    expect(await virsh(beta, 'list', '--all', '--uuid')).not.toContain(guest.uuid);
    expect(parts.chain(guest)).toEqual(guest.disks[0]?.images);
    expect(await contentOf(guest)).toBe(before);
    expect(parts.broken).toEqual([]);
  },
);
