import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { digest, digestOf } from '../../../lab/content.ts';
import { killDaemon, startDaemon } from '../../../lab/faults.ts';
import { destroyGuest } from '../../../lab/guest.ts';
import type { GuestSpec } from '../../../lab/guest-spec.ts';
import { MiB } from '../../../lab/image.ts';
import { hostOf, type LabGuest } from '../../../lab/lab.ts';
import { until } from '../../../lab/process.ts';
import { virsh } from '../../../lab/virsh.ts';
import { connect } from '../../libvirt/index.ts';
import { Fleet } from '../fleet/fleet.ts';
import { OverlayVolumes } from '../pools/overlay-volumes.ts';
import { alpha, guestFor, lab } from '../testing.ts';
import { Migrations } from './migrations.ts';

const beta = hostOf(lab, 'beta');

/** A guest on alpha with an overlay for it on beta, ready to migrate. */
async function rig(name: string, spec: Partial<GuestSpec> = {}) {
  const guest = await guestFor({ name, disks: [{ layers: 3, size: 128 * MiB }], ...spec });
  const fleet = new Fleet(connect, () => {});
  onTestFinished(() => fleet.stop());
  const [from, to] = [alpha, beta].map(({ uri }) => fleet.add(uri).host().id);
  if (from === undefined || to === undefined) throw new Error('Two hosts are expected');
  await until('both hosts', async () => fleet.hosts().every(({ state }) => state === 'connected'), 30);
  const file = join(beta.images, `${name}-moved.qcow2`);
  const backing = { path: guest.disks[0]?.images[0] ?? '', format: 'qcow2' };
  const overlay = { file, backing, virtualSize: 128 * MiB };
  const volumes = new OverlayVolumes(fleet);
  await volumes.make(to, overlay);
  onTestFinished(async () => {
    const there = await virsh(beta, 'list', '--all', '--uuid');
    if (there.includes(guest.uuid)) await destroyGuest(lab, { ...guest, host: 'beta', files: [] });
    await rm(file, { force: true });
    await virsh(beta, 'pool-refresh', 'default');
  });
  const migrations = new Migrations(fleet);
  const reasons: string[] = [];
  const ref = { hostId: from, uuid: guest.uuid };
  const away = { hostId: to, uuid: guest.uuid };
  return {
    guest,
    fleet,
    file,
    ref,
    away,
    migrations,
    /** Why migrations failed. */
    reasons,
    overlayNow: () => volumes.stateOf(to, overlay),
    begin: () => migrations.begin(ref, to, new Map([['vda', file]]), (reason) => reasons.push(reason)),
    guestLocations: async () => [await migrations.guestLocation(ref), await migrations.guestLocation(away)],
    /** Why libvirt refused: at once, or once it had asked the destination. */
    refusal: (begun: Promise<void>) =>
      begun.then(
        async () => {
          await until('the reason', async () => reasons.length > 0);
          return reasons[0];
        },
        (error: unknown) => String(error),
      ),
    /** Resolves when memory moves. Before that the destination is still starting a QEMU. */
    moving: async () => {
      await expect.poll(async () => (await migrations.progress(ref))?.total ?? 0).toBeGreaterThan(0);
    },
    /** Resolves when the migration is over, however it ended. */
    over: () => until('the end', async () => (await migrations.progress(ref)) === null, 30),
  };
}

/** A guest whose migration does not end by itself. */
async function endless(name: string) {
  const rigged = await rig(name, { busy: true });
  // The memory that changes in a millisecond takes longer than that to send, however little the guest may run.
  await virsh(
    alpha,
    `migrate-setspeed ${rigged.guest.uuid} 1; migrate-setmaxdowntime ${rigged.guest.uuid} 1`,
  );
  return rigged;
}

const letGo = ({ uuid }: LabGuest) => virsh(alpha, 'migrate-setmaxdowntime', uuid, '10000');

test('a guest migrates with its definition, and reads the same there', async () => {
  const { guest, begin, over, guestLocations, reasons, file } = await rig('move-over');
  const before = await digestOf(lab, guest);
  await begin();
  await over();
  // The definition goes a moment after the guest.
  await expect.poll(guestLocations).toEqual(['gone', 'here']);
  expect(reasons).toEqual([]);
  for (const flag of [[], ['--inactive']]) {
    expect(await virsh(beta, 'domblklist', guest.uuid, ...flag)).toContain(file);
  }
  expect(await virsh(beta, 'dominfo', guest.uuid)).toMatch(/Persistent: +yes/);
  expect(await virsh(beta, 'domstate', guest.uuid)).toContain('running');
  expect(await digestOf(lab, { ...guest, host: 'beta' })).toBe(before);
});

test('a paused guest stays paused', async () => {
  const { guest, begin, over, guestLocations } = await rig('move-paused', { state: 'paused' });
  await begin();
  await over();
  // The definition goes a moment after the guest.
  await expect.poll(guestLocations).toEqual(['gone', 'here']);
  expect(await virsh(beta, 'domstate', guest.uuid)).toContain('paused');
});

test('a guest without a definition gets none there', async () => {
  const { guest, begin, over } = await rig('move-transient');
  await virsh(alpha, 'undefine', guest.uuid);
  await begin();
  await over();
  expect(await virsh(beta, 'dominfo', guest.uuid)).toMatch(/Persistent: +no/);
  await virsh(beta, 'destroy', guest.uuid);
});

test('the memory’s progress is reported, and an abort leaves the guest where it was', async () => {
  const { guest, begin, over, migrations, ref, guestLocations, overlayNow, reasons } =
    await endless('move-abort');
  const before = await digest(guest.disks[0]?.images[0] ?? '');
  expect(await migrations.progress(ref)).toBeNull();
  await begin();
  await expect.poll(guestLocations).toEqual(['here', 'moving']);
  await expect
    .poll(() => migrations.progress(ref), { timeout: 20_000 })
    .toMatchObject({
      remaining: expect.any(Number),
      total: 17_113_088,
      dirtyRate: expect.any(Number),
      downtime: expect.any(Number),
    });
  await migrations.abort(ref);
  await over();
  await expect.poll(() => reasons).toEqual([expect.stringContaining('canceled by client')]);
  await expect.poll(guestLocations).toEqual(['here', 'gone']);
  expect(await virsh(alpha, 'domstate', guest.uuid)).toContain('running');
  expect(await overlayNow()).toBe('untouched');
  expect(await digest(guest.disks[0]?.images[0] ?? '')).toBe(before);
  // An abort after the end is no error.
  await migrations.abort(ref);
});

test('a migration continues when the process that began it is gone', async () => {
  const { guest, begin, guestLocations, fleet, file } = await endless('move-orphan');
  await begin();
  await fleet.stop();
  await virsh(alpha, 'domjobinfo', guest.uuid);
  await letGo(guest);
  const next = new Fleet(connect, () => {});
  onTestFinished(() => next.stop());
  const migrations = new Migrations(next);
  const [from = '', to = ''] = [alpha, beta].map(({ uri }) => next.add(uri).host().id);
  await until('both hosts', async () => next.hosts().every(({ state }) => state === 'connected'), 30);
  const { uuid } = guest;
  await expect
    .poll(async () => [
      await migrations.guestLocation({ hostId: from, uuid }),
      await migrations.guestLocation({ hostId: to, uuid }),
    ])
    .toEqual(['gone', 'here']);
  expect(await virsh(beta, 'domblklist', uuid, '--inactive')).toContain(file);
  await expect(guestLocations()).rejects.toMatchObject({ problem: { code: 'NOT_CONNECTED' } });
});

test('a destination that dies in the middle leaves the guest where it was', async () => {
  const { guest, begin, moving, over, migrations, ref, fleet, guestLocations, overlayNow, reasons } =
    await endless('move-dest');
  await begin();
  // A libvirtd 9.0 that is killed while it starts a guest has that guest "starting up" for ever, with its lock taken.
  await moving();
  await killDaemon(lab, beta);
  await over();
  await expect.poll(() => reasons).toEqual([expect.any(String)]);
  expect(await migrations.guestLocation(ref)).toBe('here');
  await startDaemon(lab, beta);
  await until('both hosts', async () => fleet.hosts().every(({ state }) => state === 'connected'), 30);
  await expect.poll(guestLocations).toEqual(['here', 'gone']);
  expect(await overlayNow()).toBe('untouched');
  expect(await virsh(alpha, 'domstate', guest.uuid)).toContain('running');
});

test('a source’s daemon that dies in the middle leaves the guest where it was', async () => {
  const { begin, moving, fleet, guestLocations, overlayNow, migrations, ref, reasons } =
    await endless('move-source');
  await begin();
  await moving();
  await killDaemon(lab, alpha);
  await startDaemon(lab, alpha);
  await until('the loss', async () => fleet.hosts().some(({ state }) => state === 'lost'), 30);
  await until('both hosts', async () => fleet.hosts().every(({ state }) => state === 'connected'), 30);
  await expect.poll(guestLocations).toEqual(['here', 'gone']);
  expect(await migrations.progress(ref)).toBeNull();
  expect(reasons).toEqual([]);
  expect(await overlayNow()).toBe('untouched');
});

test.each([
  [
    'a block job runs',
    async (guest: LabGuest) => {
      await virsh(alpha, 'blockpull', guest.uuid, 'vda', '--bandwidth', '1');
      onTestFinished(async () => void (await virsh(alpha, 'blockjob', guest.uuid, 'vda', '--abort')));
    },
    'active block job',
  ],
  [
    'there are snapshot records',
    async (guest: LabGuest) => {
      const file = `${guest.disks[0]?.images[0]}.snap`;
      const spec = ['--disk-only', '--diskspec', `vda,snapshot=external,file=${file}`];
      await virsh(alpha, 'snapshot-create-as', guest.uuid, 's', ...spec);
      onTestFinished(() => rm(file));
    },
    '1 snapshots',
  ],
  [
    'its name is taken',
    async (guest: LabGuest) => {
      const definition = join(lab.dir, 'taken.xml');
      const xml = await virsh(alpha, 'dumpxml', guest.uuid, '--inactive');
      await writeFile(definition, xml.replace(/<uuid>.*<\/uuid>/, ''));
      await virsh(beta, 'define', definition);
      onTestFinished(async () => void (await virsh(beta, 'undefine', guest.name)));
    },
    'already exists',
  ],
])('libvirt refuses while %s, and nothing changes', async (what, hinder, reason) => {
  const { guest, begin, refusal, guestLocations, overlayNow } = await rig(
    `move-no-${what.replaceAll(' ', '-')}`,
  );
  await hinder(guest);
  expect(await refusal(begin())).toContain(reason);
  expect(await guestLocations()).toEqual(['here', 'gone']);
  expect(await overlayNow()).toBe('untouched');
});

test('libvirt refuses a migration to the same host', async () => {
  const { migrations, ref, guestLocations, file, refusal, reasons } = await rig('move-same');
  const files = new Map([['vda', file]]);
  const begun = migrations.begin(ref, ref.hostId, files, (reason) => reasons.push(reason));
  expect(await refusal(begun)).toContain('same host');
  expect(await guestLocations()).toEqual(['here', 'gone']);
});

test('a CPU that can run at the destination is no problem; one that can’t is named', async () => {
  const { migrations, ref, away, fleet } = await rig('move-cpu');
  expect(await migrations.cpuProblem(ref, away.hostId)).toBeNull();
  const { connection } = fleet.supervisor(ref.hostId).source();
  const { type, cpu } = {
    type: 'kvm',
    cpu: `<cpu mode='custom' match='exact'><model>Icelake-Server</model><feature policy='require' name='amx-tile'/></cpu>`,
  };
  const os = `<os><type arch='x86_64' machine='q35'>hvm</type></os>`;
  const spy = vi.spyOn(connection, 'call');
  onTestFinished(() => spy.mockRestore());
  spy.mockImplementationOnce(async () => `<domain type='${type}'>${os}${cpu}</domain>`);
  const found = await migrations.cpuProblem(ref, away.hostId);
  // Without KVM libvirt can't compare CPUs and says so.
  expect(found?.code).toMatch(/^CPU_(INCOMPATIBLE|NOT_COMPARED)$/);
});

test('a definition that never started is distinguished from one that somebody made', async () => {
  const { guest, fleet, file, away, begin, refusal, migrations } = await rig('migrate-left', {
    disks: [{ layers: 25, size: 128 * MiB }],
  });
  const files = new Map([['vda', file]]);
  expect(await migrations.isFailedCopy(away, files)).toBe(false);
  if (fleet.hosts()[0]?.capabilities.mostLayers?.breaksRunning) {
    expect(await refusal(begin())).toContain('nesting too deep');
    expect((await virsh(beta, 'domstate', guest.uuid, '--reason')).trim()).toBe('shut off (failed)');
    expect(await migrations.isFailedCopy(away, files)).toBe(true);
    expect(await migrations.isFailedCopy(away, new Map([['vda', '/elsewhere']]))).toBe(false);
    await migrations.forgetDefinition(away);
    expect(await migrations.guestLocation(away)).toBe('gone');
  }
  const xml = join(beta.images, 'migrate-left.xml');
  const definition = await virsh(alpha, 'dumpxml', guest.uuid, '--inactive');
  await writeFile(xml, definition.replace(/<source file='[^']*'/, `<source file='${file}'`));
  onTestFinished(() => rm(xml));
  await virsh(beta, 'define', xml);
  expect(await migrations.isFailedCopy(away, files)).toBe(false);
});
