import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { MiB } from '../../../lab/image.ts';
import { handOver } from '../../../lab/namespace.ts';
import { run } from '../../../lab/run.ts';
import { virsh } from '../../../lab/virsh.ts';
import type { DeleteStep } from '../../../model/plans/delete.ts';
import { transientPool } from '../../../model/plans/transient-pool.ts';
import { element, writeXml } from '../../../server/hosts/xml/xml-builder.ts';
import { deleteFile } from '../../../server/operations/steps/delete.ts';
import { spawnDashboard } from '../../support/doomed.ts';
import { deletion, found, isThere, loose } from '../../support/leftovers.ts';
import {
  beta,
  contentOf,
  dashboard,
  dashboardOn,
  folder,
  guestFor,
  imagesOf,
  lab,
} from '../../support/rig.ts';

// Which files may be deleted is proved in leftovers.lab.test.ts; here, what a deletion does.

const off = { state: 'shut off' } as const;
const size = 16 * MiB;

test('a file that is in no pool is deleted through a pool made for that time', async () => {
  const apart = join(lab.dir, 'left "apart" & <far>');
  await mkdir(apart);
  onTestFinished(() => rm(apart, { recursive: true }));
  await handOver(lab.namespace, apart);
  const layers = ['0', '1', '2'].map((level) => ({ file: join(apart, `${level} ü.qcow2`) }));
  const guest = await guestFor({ host: 'beta', name: 'left-apart', disks: [{ layers, size }] });
  const content = await contentOf(guest);
  const parts = await dashboard(beta);
  const { id } = await parts.flatten(guest, null);
  await parts.reached(id, 'succeeded');
  const [active = '', middle = '', base = ''] = imagesOf(guest);
  const pools = async () => virsh(beta, 'pool-list', '--all', '--name');
  const before = await pools();
  // One that a dashboard left which was killed is as good as none, and goes with the next deletion.
  await poolOf(transientPool(base), apart);
  expect(await pools()).not.toBe(before);
  expect((await found(parts)).leftovers).toMatchObject([
    { path: middle, pool: null },
    { path: base, pool: null },
  ]);
  for (const file of [middle, base]) {
    const deleted = await parts.remove([file]);
    expect(await parts.reached(deleted.id, 'succeeded', 'failed')).toMatchObject({ problem: null });
    expect(await isThere(file)).toBe(false);
    expect(await pools()).toBe(before);
  }
  expect(await isThere(active)).toBe(true);
  expect(await contentOf(guest)).toBe(content);
});

/** Has beta make a pool that has no definition. */
async function poolOf(name: string, path: string): Promise<void> {
  const file = join((await folder()).path, 'pool.xml');
  const target = element('target', {}, element('path', {}, path));
  await writeFile(file, writeXml(element('pool', { type: 'dir' }, element('name', {}, name), target)));
  await virsh(beta, 'pool-create', file);
}

test.each([
  'after created',
  'after step-intended 0',
  'before step-running 0',
  'before step-done 0',
  'after step-intended 1',
  'before step-done 1',
  'after ended',
] as const)('a crash %s is taken up, and the files go in their order', async (point) => {
  const guest = await guestFor({ host: 'beta', name: 'left-crash', ...off, disks: [{ layers: 2, size }] });
  const content = await contentOf(guest);
  const base = await loose('left-crash-base.qcow2');
  const over = await loose('left-crash-over.qcow2', base);
  const stays = await loose('left-crash-stays.qcow2');
  const database = join((await folder()).path, 'db.sqlite');
  const intent = { kind: 'delete', files: [base, over] } as const;
  const uris = [beta.uri] as const;
  const child = spawnDashboard({ uris: [...uris], database, uuid: '', intent, bandwidth: 0, point });
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
  const parts = await dashboardOn(database, beta);
  const [operation] = await parts.store.journal.list({ limit: 2 });
  const { steps } = await parts.reached(operation?.id ?? '', 'succeeded');
  expect(steps).toMatchObject([{ state: 'done' }, { state: 'done' }]);
  expect(await Promise.all([base, over, stays].map(isThere))).toEqual([false, false, true]);
  expect(await contentOf(guest)).toBe(content);
});

test('a guest that came to use an image since the plan was made keeps it, by name', async () => {
  const parts = await dashboard(beta);
  const late = await loose('left-late.qcow2');
  const early = await loose('left-early.qcow2');
  const { plan, start } = await deletion(parts, [early, late]);
  expect(plan.refusals).toEqual([]);
  const layers = [{ file: late, existing: true }, { file: 'left-comer.qcow2' }];
  await guestFor({ host: 'beta', name: 'left-comer', ...off, disks: [{ layers, size }] });
  await expect(start()).rejects.toMatchObject({
    problem: { code: 'LEFTOVER_USED', params: { users: 'left-comer (vda)' } },
  });

  // Between the start and the file's turn.
  const step = plan.steps.find((one): one is DeleteStep => one.kind === 'delete' && one.file === late);
  if (step === undefined) throw new Error('No step');
  const driver = deleteFile(parts, plan, step);
  await expect(driver.start(0, () => {})).rejects.toMatchObject({
    problem: { code: 'LEFTOVER_USED', params: { users: 'left-comer (vda)' } },
  });
  expect(await isThere(late)).toBe(true);
});

test('of two deletions of one image the second waits for nothing, and says so', async () => {
  const parts = await dashboard(beta);
  const path = await loose('left-twice.qcow2');
  const { start } = await deletion(parts, [path]);
  const both = await Promise.allSettled([start(), start()]);
  const started = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value.id] : []));
  const refused = both.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  expect(refused).toMatchObject([{ problem: { code: 'LEFTOVER_BUSY', params: { image: path } } }]);
  await parts.reached(started[0] ?? '', 'succeeded');
  expect(await isThere(path)).toBe(false);
});

test('a cancel leaves the files whose turn has not come', async () => {
  const parts = await dashboard(beta);
  const base = await loose('left-cancel-base.qcow2');
  const over = await loose('left-cancel-over.qcow2', base);
  const { id } = await parts.remove([base, over]);
  await parts.engine.cancel(id, 'tester');
  await parts.reached(id, 'cancelled');
  expect(await isThere(base)).toBe(true);
  const { steps } = await parts.operation(id);
  expect(steps.map(({ state }) => state !== 'done')).toEqual([await isThere(over), true]);
});

test('an image that changed since is left alone', async () => {
  const parts = await dashboard(beta);
  const path = await loose('left-changed.qcow2');
  const { plan } = await deletion(parts, [path]);
  const [step] = plan.steps;
  if (step?.kind !== 'delete') throw new Error('No step');
  await run('qemu-io', ['-f', 'qcow2', '-c', 'write -P 7 0 64k', path]);
  expect(await parts.leftovers.stateOf(parts.hostId, step)).toBe('other');
  await expect(parts.leftovers.remove(parts.hostId, step)).rejects.toMatchObject({
    problem: { code: 'LEFTOVER_CHANGED' },
  });
  expect(await isThere(path)).toBe(true);
});
