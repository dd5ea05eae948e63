import { spawn } from 'node:child_process';
import { link, open, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { MiB } from '../../../lab/image.ts';
import { handOver } from '../../../lab/namespace.ts';
import { run } from '../../../lab/run.ts';
import { virsh } from '../../../lab/virsh.ts';
import { connect } from '../../../server/libvirt/index.ts';
import { openDashboard } from '../../support/dashboard.ts';
import { deletion, found, isThere, loose, offered } from '../../support/leftovers.ts';
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

const off = { state: 'shut off' } as const;
const size = 16 * MiB;

test('after a flatten its images are offered, and nothing else; deleted, no guest reads anything else', async () => {
  const guest = await guestFor({ host: 'beta', name: 'left-flat', disks: [{ layers: 4, size }] });
  const other = await guestFor({ host: 'beta', name: 'left-other', ...off, disks: [{ layers: 3, size }] });
  const parts = await dashboard(beta);
  expect(await found(parts)).toMatchObject({ blocked: [], leftovers: [], kept: [], inUse: [] });
  const [active = '', upper = '', lower = '', base = ''] = imagesOf(guest);
  const content = [await contentOf(guest), await contentOf(other)];
  const { id } = await parts.flatten(guest, null);
  await parts.reached(id, 'succeeded');
  const report = await found(parts);
  const left = { operationId: id, intent: 'flatten', guestName: 'left-flat' };
  expect(report.leftovers).toMatchObject([
    { path: upper, under: [], left, pool: 'default', format: 'qcow2', backingPath: lower },
    { path: lower, under: [upper], left },
    { path: base, under: [lower, upper], left, backingPath: null, virtualSize: size },
  ]);

  const { plan, start } = await deletion(parts, [base, upper, lower]);
  expect(plan.refusals).toEqual([]);
  expect(plan.steps.map((step) => step.kind === 'delete' && step.file)).toEqual([upper, lower, base]);
  const deleted = await start();
  const ended = await parts.reached(deleted.id, 'succeeded');
  expect(ended).toMatchObject({
    actor: 'tester',
    hostName: parts.fleet.hosts()[0]?.name,
    plan: { guest: null },
  });
  expect(await Promise.all([upper, lower, base, active].map(isThere))).toEqual([false, false, false, true]);
  const entries = await parts.store.journal.entries(deleted.id);
  expect(entries.map(({ event }) => event.kind)).toEqual([
    'created',
    'started',
    ...Array.from({ length: 3 }, () => ['step-intended', 'step-running', 'step-done']).flat(),
    'ended',
  ]);
  expect([await contentOf(guest), await contentOf(other)]).toEqual(content);
  for (const path of imagesOf(other)) await run('qemu-img', ['check', '-q', '-U', path]);
  expect(await offered(parts)).toEqual([]);
});

test('nothing is offered that anything refers to, under whatever name', async () => {
  const used = await guestFor({ host: 'beta', name: 'left-used', ...off, disks: [{ layers: 2, size }] });
  const parts = await dashboard(beta);
  const [, base = ''] = imagesOf(used);
  // A guest's image under a second name is the guest's image.
  const hard = join(beta.images, 'left-hard.qcow2');
  const soft = join(beta.images, 'left-soft.qcow2');
  onTestFinished(async () => void (await Promise.all([hard, soft].map((path) => rm(path, { force: true })))));
  await link(base, hard);
  await symlink(base, soft);
  // What only looks like something else is no image: a disc, a log, a saved state.
  for (const name of ['left.iso', 'left.log', 'left.save', 'left.fd']) {
    const path = join(beta.images, name);
    onTestFinished(() => rm(path, { force: true }));
    await writeFile(path, Buffer.alloc(65536, 1));
  }
  expect(await offered(parts)).toEqual([]);

  const alone = await loose('left-alone.qcow2');
  const over = await loose('left-over.qcow2', alone);
  expect(await offered(parts)).toEqual([over, alone]);

  // A guest that names one for another purpose than a disk.
  const xml = await virsh(beta, 'dumpxml', used.uuid);
  const file = join((await folder()).path, 'domain.xml');
  const name = '<metadata><a:kept xmlns:a="urn:kept">WHICH</a:kept></metadata>'.replace('WHICH', over);
  await writeFile(file, xml.replace('</uuid>', `</uuid>${name}`));
  await virsh(beta, 'define', file);
  expect(await offered(parts)).toEqual([]);
});

test('an image that a snapshot record of a guest names stays, until the record is forgotten', async () => {
  const layers = [{ file: 'left-rec-0.qcow2' }, { file: 'left-rec-1.qcow2', snapshot: 'before' }];
  const guest = await guestFor({ host: 'beta', name: 'left-rec', disks: [{ layers, size }] });
  const parts = await dashboard(beta);
  const { id } = await parts.flatten(guest, null);
  await parts.reached(id, 'succeeded');
  expect(await offered(parts)).toEqual([]);
  const base = imagesOf(guest)[1] ?? '';
  expect((await deletion(parts, [base])).plan.refusals).toMatchObject([
    { code: 'LEFTOVER_USED', params: { users: 'left-rec: before' } },
  ]);
  await virsh(beta, 'snapshot-delete', guest.uuid, 'before', '--metadata');
  expect(await offered(parts)).toEqual([base]);
});

test('an overlay that is no leftover keeps the image that it is backed by, and one that is goes first', async () => {
  const database = join((await folder()).path, 'db.sqlite');
  const parts = await dashboardOn(database, beta);
  const base = await loose('left-base.qcow2');
  // Relative, as headers may have it.
  const middle = await loose('left-middle.qcow2', 'left-base.qcow2');
  const top = await loose('left-top.qcow2', `${beta.images}/../images/left-middle.qcow2`);
  expect(await offered(parts)).toEqual([top, middle, base]);
  const codes = async (...files: string[]) =>
    (await deletion(parts, files)).plan.refusals.map(({ code, params }) => [code, params.files]);
  expect(await codes(base)).toEqual([['LEFTOVER_BACKS', `${middle}, ${top}`]]);
  expect(await codes(base, middle)).toEqual([
    ['LEFTOVER_BACKS', top],
    ['LEFTOVER_BACKS', top],
  ]);
  expect(await codes(top)).toEqual([]);
  expect(await codes(base, top, middle)).toEqual([]);

  // Kept on purpose, it keeps the image that it is backed by too.
  await parts.store.kept.keep({ hostId: parts.hostId, path: middle, actor: 'ada', at: 1 });
  const report = await found(parts);
  expect(report.leftovers.map(({ path }) => path)).toEqual([top]);
  expect(report.kept).toMatchObject([{ path: middle, actor: 'ada', at: 1 }]);
  expect(await codes(middle)).toEqual([['LEFTOVER_KEPT', undefined]]);

  // The next dashboard knows it too.
  await parts.stop();
  const next = await dashboardOn(database, beta);
  expect((await found(next)).kept).toMatchObject([{ path: middle, actor: 'ada', at: 1 }]);
  expect(await offered(next)).toEqual([top]);
});

test('what a process has open is not offered', async () => {
  const parts = await dashboard(beta);
  const opened = await loose('left-open.qcow2');
  const reader = spawn('qemu-io', ['-r', '-f', 'qcow2', opened], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void reader.kill());
  await expect
    .poll(async () => (await found(parts)).inUse, { timeout: 20_000 })
    .toMatchObject([{ path: opened, why: { code: 'LEFTOVER_OPEN' } }]);
  expect(await offered(parts)).toEqual([]);
  reader.stdin.end('quit\n');
  await expect.poll(() => offered(parts), { timeout: 20_000 }).toEqual([opened]);
});

test('nothing is offered while a host is lost, a pool is stopped, a chain ends too early, or a guest is saved', async () => {
  const parts = await dashboard(beta);
  const path = await loose('left-blocked.qcow2');
  const reasons = async () => {
    const { leftovers, blocked } = await found(parts);
    expect(blocked.length === 0 ? [path] : []).toEqual(leftovers.map((one) => one.path));
    return blocked.map(({ code, params }) => [code, params.pool ?? params.guest]);
  };
  expect(await reasons()).toEqual([]);
  const undefinePool = async () => {
    const pools = await virsh(beta, 'pool-list', '--all', '--name');
    if (pools.includes('left-stopped')) await virsh(beta, 'pool-undefine left-stopped');
  };
  const { path: elsewhere } = await folder();
  await virsh(beta, `pool-define-as left-stopped dir --target ${elsewhere}`);
  onTestFinished(undefinePool);
  expect(await reasons()).toEqual([['POOL_UNREADABLE', 'left-stopped']]);
  expect((await deletion(parts, [path])).plan.refusals).toMatchObject([{ code: 'POOL_UNREADABLE' }]);
  await undefinePool();

  const guest = await guestFor({ host: 'beta', name: 'left-gone', ...off, disks: [{ layers: 2, size }] });
  const base = imagesOf(guest)[1] ?? '';
  await rename(base, `${base}.away`);
  onTestFinished(() => rm(`${base}.away`, { force: true }));
  expect(await reasons()).toEqual([['CHAIN_UNKNOWN', 'left-gone']]);
  await rename(`${base}.away`, base);
  expect(await reasons()).toEqual([]);

  const saved = await guestFor({ host: 'beta', name: 'left-saved', disks: [{ layers: 1, size }] });
  await virsh(beta, 'managedsave', saved.uuid);
  expect(await reasons()).toEqual([['SAVED_IMAGES_UNKNOWN', 'left-saved']]);
  await virsh(beta, 'managedsave-remove', saved.uuid);
  expect(await reasons()).toEqual([]);

  const gone = parts.fleet.add('qemu+unix:///session?socket=/nowhere/libvirt-sock', 'nowhere');
  await expect.poll(() => gone.host().state).toBe('lost');
  expect(await reasons()).toEqual([['HOST_USERS_UNKNOWN', undefined]]);
});

test('a base that was moved away stays, wherever it is by now: its guest’s chain may lead to any image', async () => {
  const runs = await guestFor({ host: 'beta', name: 'left-moved', disks: [{ layers: 2, size }] });
  const base = imagesOf(runs)[1] ?? '';
  const away = `${base}.away`;
  const content = await contentOf(runs);
  await rename(base, away);
  onTestFinished(() => rm(away, { force: true }));
  const parts = await dashboard(beta);
  const elsewhere = await openDashboard({
    uris: ['qemu+ssh://beta/session'],
    database: join((await folder()).path, 'db.sqlite'),
    connectTo: (_uri, options) => connect(beta.uri, options),
  });
  onTestFinished(elsewhere.stop);
  const params = { guest: 'left-moved', uuid: runs.uuid, why: 'IMAGE_MISSING', path: base };
  for (const { leftovers, hostId } of [parts, elsewhere]) {
    expect(await leftovers.find(hostId)).toMatchObject({
      leftovers: [],
      blocked: [{ code: 'CHAIN_UNKNOWN', params }],
    });
  }
  await rename(away, base);
  expect(await found(parts)).toMatchObject({ blocked: [], leftovers: [] });
  expect(await contentOf(runs)).toBe(content);
});

test('regression: a file that an image keeps its data in was taken for unused where its guest had written a qcow2 header', async () => {
  const [split, data] = [join(beta.images, 'left-split.qcow2'), join(beta.images, 'left-split.raw')];
  onTestFinished(
    async () => void (await Promise.all([split, data].map((path) => rm(path, { force: true })))),
  );
  const options = `data_file=${data},data_file_raw=on`;
  await run('qemu-img', ['create', '-q', '-f', 'qcow2', '-o', options, split, '16M']);
  const header = await loose('left-split-header.qcow2');
  await run('qemu-io', ['-f', 'qcow2', '-c', `write -q -s ${header} 0 64k`, split]);
  await rm(header);
  for (const path of [split, data]) await handOver(lab.namespace, path);
  const layers = [{ file: split, existing: true }, { file: 'left-split-1.qcow2' }];
  await guestFor({ host: 'beta', name: 'left-split', ...off, disks: [{ layers, size }] });
  const parts = await dashboard(beta);
  expect(await found(parts)).toMatchObject({ blocked: [], leftovers: [] });
});

test('what can’t be read may depend on anything', async () => {
  const parts = await dashboard(beta);
  const path = await loose('left-mute.qcow2');
  // Its header names a backing image, and not within the first bytes.
  const mute = await loose('left-mute-over.qcow2', path);
  const file = await open(mute, 'r+');
  const far = Buffer.alloc(8);
  far.writeBigUInt64BE(40_000n);
  await file.write(far, 0, 8, 8);
  await file.close();
  expect(await found(parts)).toMatchObject({
    leftovers: [],
    blocked: [{ code: 'FILE_UNREADABLE', params: { path: mute } }],
  });
});

test('a raw image is offered where the journal or another image knows it as one, and a pool has it', async () => {
  const layers = [{ file: 'left-raw.img', format: 'raw' as const }, { file: 'left-raw-1.qcow2' }];
  const guest = await guestFor({ host: 'beta', name: 'left-raw', disks: [{ layers, size }] });
  const parts = await dashboard(beta);
  const stranger = join(beta.images, 'left-stranger.img');
  await writeFile(stranger, Buffer.alloc(MiB));
  onTestFinished(() => rm(stranger, { force: true }));
  const { id } = await parts.flatten(guest, null);
  await parts.reached(id, 'succeeded');
  const [, base = ''] = imagesOf(guest);
  expect((await found(parts)).leftovers).toMatchObject([
    { path: base, format: 'raw', virtualSize: size, left: { operationId: id } },
  ]);
  // Without that journal nobody knows what the file is.
  const other = await dashboard(beta);
  expect(await offered(other)).toEqual([]);
  const over = join(beta.images, 'left-raw-over.qcow2');
  await run('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', base, '-F', 'raw', over]);
  onTestFinished(() => rm(over, { force: true }));
  expect(await offered(other)).toEqual([over, base]);
});

test('a remote host is searched through its pools, and the page says so', async () => {
  const guest = await guestFor({ host: 'beta', name: 'left-far', disks: [{ layers: 3, size }] });
  const content = await contentOf(guest);
  const { path: state } = await folder();
  const parts = await openDashboard({
    uris: ['qemu+ssh://beta/session'],
    database: join(state, 'db.sqlite'),
    connectTo: (_uri, options) => connect(beta.uri, options),
  });
  onTestFinished(parts.stop);
  expect(await found(parts)).toMatchObject({ blocked: [], leftovers: [], onlyPools: true });
  const { id } = await parts.flatten(guest, null);
  await parts.reached(id, 'succeeded');
  const [active = '', middle = '', base = ''] = imagesOf(guest);
  const { leftovers } = await found(parts);
  expect(leftovers).toMatchObject([
    { path: middle, backingPath: base, left: { operationId: id } },
    { path: base, under: [middle], virtualSize: size },
  ]);
  const deleted = await parts.remove([middle, base]);
  await parts.reached(deleted.id, 'succeeded');
  expect(await Promise.all([active, middle, base].map(isThere))).toEqual([true, false, false]);
  expect(await contentOf(guest)).toBe(content);
});
