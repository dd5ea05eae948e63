import { link, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { capabilities } from '../../../lab/capabilities.ts';
import type { DiskSpec } from '../../../lab/guest-spec.ts';
import { MiB } from '../../../lab/image.ts';
import { hostOf, type LabGuest } from '../../../lab/lab.ts';
import { run } from '../../../lab/run.ts';
import { virsh } from '../../../lab/virsh.ts';
import { connect } from '../../libvirt/index.ts';
import { Fleet } from '../fleet/fleet.ts';
import { alpha, fleetOf, guestFor, lab } from '../testing.ts';
import { findDependents } from './dependents.ts';

const SIZE = 16 * MiB;

/** A running guest on three images, and what depends on the lower two of them. */
async function rigOf(
  name: string,
  { layers = 3, ...options }: { elsewhere?: boolean; layers?: DiskSpec['layers'] } = {},
) {
  const made = await guestFor({ name, disks: [{ layers, size: SIZE }] });
  const { fleet, hostId, disk, shows } = await fleetOf(alpha, options);
  const ref = { hostId, uuid: made.uuid, target: 'vda' };
  const found = async () => {
    const images = disk(made)?.chain?.images.slice(-2) ?? [];
    expect(images).toHaveLength(2);
    return findDependents(fleet, ref, images);
  };
  return {
    made,
    ref,
    disk: () => disk(made),
    base: made.disks[0]?.images[2] ?? '',
    middle: made.disks[0]?.images[1] ?? '',
    fleet,
    shows,
    found,
    users: async () =>
      (await found()).users.map(({ guestName, target, image }) => [guestName, target, image]),
  };
}

/** A stopped guest whose disk is an overlay over a path. */
const guestOver = (name: string, base: string, more: Partial<Parameters<typeof guestFor>[0]> = {}) =>
  guestFor({
    name,
    state: 'shut off',
    disks: [{ layers: [{ file: base, existing: true }, { file: `${name}.qcow2` }], size: SIZE }],
    ...more,
  });

const overlay = async (path: string, backing: string) => {
  await run('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', backing, '-F', 'qcow2', '-u', path, '16M']);
  onTestFinished(() => rm(path, { force: true }));
};

test('nothing depends on images that only this disk uses', async () => {
  const { found } = await rigOf('dep-alone');
  expect(await found()).toMatchObject({ users: [], overlays: [], onlyPools: false });
});

test('other guests depend on an image, running or not, by whatever path they name it', async () => {
  const { base, middle, users, shows, fleet } = await rigOf('dep-users');
  const folder = join(alpha.images, 'dep-links');
  await mkdir(folder);
  onTestFinished(() => rm(folder, { recursive: true }));
  await symlink(base, join(folder, 'soft.qcow2'));
  await link(base, join(folder, 'hard.qcow2'));
  await guestOver('dep-plain', base);
  await guestOver('dep-soft', join(folder, 'soft.qcow2'));
  await guestOver('dep-hard', join(folder, 'hard.qcow2'));
  await guestOver('dep-dots', `${folder}/../dep-links/../dep-users-vda-1.qcow2`);
  await guestOver('dep-running', base, { state: 'running' });
  await shows('the guests', () => fleet.guests().filter(({ name }) => name.startsWith('dep-')).length === 6);
  expect((await users()).sort()).toEqual([
    ['dep-dots', 'vda', middle],
    ['dep-hard', 'vda', base],
    ['dep-plain', 'vda', base],
    ['dep-running', 'vda', base],
    ['dep-soft', 'vda', base],
  ]);
});

test('another disk of the same guest depends on it', async () => {
  const layer = (file: string, existing = false) => ({ file, existing });
  const made = await guestFor({
    name: 'dep-twice',
    state: 'shut off',
    disks: [
      { layers: [layer('dep-twice-0.qcow2'), layer('dep-twice-a.qcow2')], size: SIZE },
      {
        target: 'vdb',
        layers: [layer(join(alpha.images, 'dep-twice-0.qcow2'), true), layer('dep-twice-b.qcow2')],
        size: SIZE,
      },
    ],
  });
  const { fleet, hostId, disk } = await fleetOf();
  const images = disk(made)?.chain?.images.slice(1) ?? [];
  const { users } = await findDependents(fleet, { hostId, uuid: made.uuid, target: 'vda' }, images);
  expect(users).toMatchObject([{ guestName: 'dep-twice', target: 'vdb' }]);
});

test("a running guest's next start, and guests of another daemon of this machine, depend on it", async () => {
  const { base, users, shows, fleet } = await rigOf('dep-later');
  const other = await guestFor({ name: 'dep-redefined', disks: [{ layers: 1, size: SIZE }] });
  const next = join(alpha.images, 'dep-next.qcow2');
  await overlay(next, base);
  const xml = await virsh(alpha, 'dumpxml', other.uuid, '--inactive');
  await define(other, xml.replace(/dep-redefined-vda-0\.qcow2/, 'dep-next.qcow2'));
  const beta = hostOf(lab, 'beta');
  await guestOver('dep-beta', base, { host: 'beta' });
  const { id } = fleet.add(beta.uri).host();
  await shows('the other daemon', () => fleet.supervisor(id).host().state === 'connected');
  const there = (name: string) => fleet.guests().some((guest) => guest.name === name);
  await shows('the guests', () => there('dep-redefined') && there('dep-beta'));
  expect((await users()).sort()).toEqual([
    ['dep-beta', 'vda', base],
    ['dep-redefined', 'vda', base],
  ]);
});

async function define(guest: LabGuest, xml: string): Promise<void> {
  const file = join(lab.dir, `${guest.uuid}.xml`);
  await writeFile(file, xml);
  onTestFinished(() => rm(file));
  await virsh(alpha, 'define', file);
}

test('images that no guest uses depend on it, in the folders of images and of pools', async () => {
  const { base, middle, found } = await rigOf('dep-overlays');
  await overlay(join(alpha.images, 'dep-over-base.qcow2'), base);
  await overlay(join(alpha.images, 'dep-over-middle.qcow2'), 'dep-overlays-vda-1.qcow2');
  expect((await found()).overlays.toSorted((a, b) => a.path.localeCompare(b.path))).toEqual([
    { path: join(alpha.images, 'dep-over-base.qcow2'), image: base },
    { path: join(alpha.images, 'dep-over-middle.qcow2'), image: middle },
  ]);
});

test('snapshot records of other guests depend on it, even when their chain has changed', async () => {
  const frozen = join(alpha.images, 'dep-recorded-0.qcow2');
  const recorded = [{ file: frozen }, { file: 'dep-recorded-1.qcow2', snapshot: 'before' }];
  const other = await guestFor({ name: 'dep-recorded', disks: [{ layers: recorded, size: SIZE }] });
  await virsh(alpha, 'blockpull', other.uuid, 'vda', '--wait');
  const layers = [
    { file: frozen, existing: true },
    { file: 'dep-records-1.qcow2' },
    { file: 'dep-records-2.qcow2' },
  ];
  const { base, middle, found, shows, fleet, made, ref } = await rigOf('dep-records', { layers });
  expect(base).toBe(frozen);
  const named = { hostId: ref.hostId, guestName: 'dep-recorded', record: 'before', image: base };
  expect(await found()).toMatchObject({ users: [], overlays: [], records: [named] });
  // The guest's own become stale, which its plan says; where libvirt reverts to them, they need what they froze.
  await virsh(alpha, 'snapshot-delete', other.uuid, 'before', '--metadata');
  await virsh(alpha, 'snapshot-create-as', made.uuid, 'own', '--disk-only');
  await shows('its record', () => fleet.guests().some(({ records }) => records[0]?.name === 'own'));
  onTestFinished(() => rm(join(alpha.images, 'dep-records-2.own'), { force: true }));
  const { revertsExternalSnapshots } = await capabilities();
  const own = [middle, base].map((image) => ({ guestName: 'dep-records', record: 'own', image }));
  await expect.poll(async () => (await found()).records).toMatchObject(revertsExternalSnapshots ? own : []);
});

test('what could not be read is reported, since something there may depend on the images too', async () => {
  const { found } = await rigOf('dep-unread');
  await virsh(alpha, `pool-define-as dep-stopped dir --target ${join(lab.dir, 'dep-stopped')}`);
  onTestFinished(async () => void (await virsh(alpha, 'pool-undefine dep-stopped')));
  const [pool] = (await found()).unread.filter(({ code }) => code === 'POOL_UNREADABLE');
  expect(pool?.params.pool).toBe('dep-stopped');
});

test('what depends on an image of another host is found by its pools', async () => {
  const { base, found, shows, fleet } = await rigOf('dep-elsewhere', { elsewhere: true });
  await guestOver('dep-far', base);
  const file = join(alpha.images, 'dep-far-over.qcow2');
  await overlay(file, base);
  await virsh(alpha, 'pool-refresh', 'default');
  await shows('the guest', () => fleet.guests().some(({ name }) => name === 'dep-far'));
  const { users, overlays, onlyPools } = await found();
  expect(users).toMatchObject([{ guestName: 'dep-far', image: base }]);
  expect(overlays).toEqual([{ path: file, image: base }]);
  expect(onlyPools).toBe(true);
});

/** A fleet of alpha and, as if it were another machine, beta. */
async function twoMachines(shows: (what: string, is: () => boolean) => Promise<unknown>) {
  const beta = hostOf(lab, 'beta');
  const away: Awaited<ReturnType<typeof connect>>[] = [];
  let isDown = false;
  const far = new Fleet(
    async (uri, options) => {
      if (!uri.startsWith('qemu+ssh')) return connect(uri, options);
      if (isDown) throw new Error('no route to host');
      const connection = await connect(beta.uri, options);
      away.push(connection);
      return connection;
    },
    () => {},
  );
  onTestFinished(() => far.stop());
  const [here = '', there = ''] = [alpha.uri, 'qemu+ssh://beta/session'].map((uri) => far.add(uri).host().id);
  await shows('both hosts', () => far.hosts().every(({ state }) => state === 'connected'));
  return {
    far,
    here,
    there,
    async lose() {
      isDown = true;
      for (const connection of away) await connection.close();
      await shows('the loss', () => far.hosts().some(({ state }) => state === 'lost'));
    },
  };
}

/** Makes a pool of beta that shows the images of alpha, as on shared storage. */
async function shareWithBeta(): Promise<void> {
  const beta = hostOf(lab, 'beta');
  await virsh(beta, `pool-define-as dep-shared dir --target ${alpha.images}; pool-start dep-shared`);
  onTestFinished(async () => void (await virsh(beta, 'pool-destroy dep-shared; pool-undefine dep-shared')));
}

test('a guest of another machine that names the image by the same path depends on it', async () => {
  const { base, disk, ref, fleet, shows } = await rigOf('dep-shared');
  await guestOver('dep-over-there', base, { host: 'beta' });
  await virsh(hostOf(lab, 'beta'), 'pool-refresh', 'default');
  const { far, here, there: hostId, lose } = await twoMachines(shows);
  expect(here).toBe(ref.hostId);
  const images = () => disk()?.chain?.images.slice(1) ?? [];
  const found = () => findDependents(far, ref, images());
  const there = { hostId, guestName: 'dep-over-there' };
  expect(await found()).toMatchObject({ users: [], elsewhere: [there] });
  // Once a pool of that host shows the file too, it is known to be the same.
  await shareWithBeta();
  expect(await found()).toMatchObject({ users: [{ ...there, image: base }], elsewhere: [] });
  // A lost host can't be asked any more; its last state forbids the change.
  await lose();
  const lost = await found();
  expect(lost).toMatchObject({ users: [], elsewhere: [], lost: [{ ...there, image: base }] });
  expect(lost.unread).toContainEqual(expect.objectContaining({ code: 'HOST_USERS_UNKNOWN' }));
  expect(fleet.hosts()).toHaveLength(1);
});

test('regression: snapshot records and unused images of another machine were not counted as depending on the image', async () => {
  const beta = hostOf(lab, 'beta');
  const { base, middle, disk, ref, shows } = await rigOf('dep-kept');
  const file = join(beta.images, 'dep-kept-over.qcow2');
  await overlay(file, base);
  const other = await guestFor({
    name: 'dep-kept-there',
    host: 'beta',
    state: 'shut off',
    disks: [{ layers: 1 }],
  });
  const disks = `<disks><disk name='vda' snapshot='external' type='file'><source file='${middle}'/></disk></disks>`;
  const xml = (await virsh(beta, 'dumpxml', other.uuid)).replace(/<\?xml[^>]*>/, '');
  const record = join(lab.dir, 'dep-kept.xml');
  await writeFile(
    record,
    `<domainsnapshot><name>kept</name><creationTime>1</creationTime><state>disk-snapshot</state>${disks}${xml}</domainsnapshot>`,
  );
  onTestFinished(() => rm(record, { force: true }));
  await virsh(beta, 'snapshot-create', other.uuid, record, '--redefine', '--disk-only');
  onTestFinished(async () => void (await virsh(beta, 'snapshot-delete', other.uuid, 'kept', '--metadata')));
  await virsh(beta, 'pool-refresh', 'default');
  const { far, there } = await twoMachines(shows);
  const images = disk()?.chain?.images.slice(1) ?? [];
  const found = () => findDependents(far, ref, images);
  const unsure = await found();
  expect(unsure).toMatchObject({ records: [], overlays: [] });
  expect(unsure.elsewhere).toContainEqual(expect.objectContaining({ guestName: other.name }));
  expect(unsure.overlaysElsewhere).toEqual([expect.stringContaining(file)]);
  // Refused, since both hosts see the file.
  await shareWithBeta();
  const sure = await found();
  expect(sure.records).toMatchObject([
    { hostId: there, guestName: other.name, record: 'kept', image: middle },
  ]);
  // The disk's own images, which are volumes there too, don't count.
  expect(sure.overlays).toEqual([{ path: expect.stringContaining(`: ${file}`), image: base }]);
  expect(sure).toMatchObject({ elsewhere: [], overlaysElsewhere: [] });
});

test('a guest whose chain ends too early may depend on it too', async () => {
  const { found, shows, fleet } = await rigOf('dep-unsure');
  const broken = await guestFor({
    name: 'dep-broken',
    state: 'shut off',
    disks: [{ layers: 2, size: SIZE }],
  });
  await writeFile(broken.disks[0]?.images[1] ?? '', 'no image');
  await shows('the guest', () => fleet.guests().some(({ name }) => name === 'dep-broken'));
  expect((await found()).unsure).toContainEqual(expect.objectContaining({ guestName: 'dep-broken' }));
});
