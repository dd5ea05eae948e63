import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { killDaemon, killQemu, startDaemon } from '../../lab/faults.ts';
import { virsh } from '../../lab/guest.ts';
import { MiB } from '../../lab/image.ts';
import type { LabGuest } from '../../lab/lab.ts';
import { until } from '../../lab/process.ts';
import { run } from '../../lab/run.ts';
import { assemble, verifyWriter, waitForWrites, writerSpec } from '../../lab/writer.ts';
import type { MigrateIntent } from '../../model/intent.ts';
import type { Dashboard } from './testing/dashboard.ts';
import {
  contentThere,
  endless,
  fileThere,
  isFile,
  letGo,
  onBeta,
  toBeta,
  traveller,
} from './testing/migrating.ts';
import { alpha, beta, contentOf, dashboard, dashboardOn, folder, jobOf, lab } from './testing/rig.ts';

const simple = (name: string) => traveller({ name, disks: [{ layers: 3, size: 128 * MiB }] });
const isOn = async (host: typeof alpha, { uuid }: LabGuest) =>
  (await virsh(host, 'list', '--all', '--uuid')).includes(uuid);
const ends = ['succeeded', 'failed', 'cancelled'] as const;

/** Keys of the disk's images on beta, from active to base. */
function chainThere({ fleet, otherHostIds: [hostId = ''] }: Dashboard, { uuid }: LabGuest, target = 'vda') {
  const guest = fleet.guest({ hostId, uuid });
  return guest?.disks.find((disk) => disk.target === target)?.chain?.images.map(({ key }) => key) ?? null;
}

/** The guest is where it was, as it was, and nothing of the attempt is left. */
async function expectNothingDone(parts: Dashboard, guest: LabGuest, before: string): Promise<void> {
  expect(await virsh(alpha, 'domstate', guest.uuid)).toMatch(/running|paused/);
  expect(await isOn(beta, guest)).toBe(false);
  expect(parts.chain(guest)).toEqual(guest.disks[0]?.images);
  expect(await isFile(fileThere(guest))).toBe(false);
  expect(await virsh(beta, 'vol-list', 'default')).not.toContain(fileThere(guest));
  expect(await contentOf(guest)).toBe(before);
  expect(parts.broken).toEqual([]);
}

async function endedOf({ store, operation, reached }: Dashboard) {
  const [{ id = '' } = {}] = await store.journal.list({ limit: 1 });
  await reached(id, ...ends);
  return operation(id);
}

test('A4: a guest migrates while it writes, and its storage follows while it writes on', async () => {
  await assemble(lab.dir);
  const guest = await traveller(writerSpec(lab.dir, { name: 'go-writer' }));
  const parts = await dashboard(alpha, beta);
  const plan = await parts.preview(guest, toBeta(parts));
  expect(plan.refusals).toEqual([]);
  expect(plan.warnings).toEqual([]);
  expect(plan.steps.map(({ kind }) => kind)).toEqual(['overlay', 'migrate', 'pull']);
  await waitForWrites(guest, 20);
  const { id } = await parts.run(guest, toBeta(parts), 16 * MiB);
  await until('the switch', () => isOn(beta, guest), 60);
  await until('the pull', async () => (await jobOf(onBeta(guest))).includes('bytes/s'), 30);
  await waitForWrites(guest, 20);
  await parts.engine.setSpeed(id, 0, 'tester');
  const operation = await parts.reached(id, ...ends);
  expect(operation).toMatchObject({ state: 'succeeded', problem: null });
  expect(operation.steps.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
  await waitForWrites(guest, 20);
  expect(await verifyWriter(lab, onBeta(guest))).toMatchObject({ lost: [], errors: [] });
  expect(await isOn(alpha, guest)).toBe(false);
  expect(chainThere(parts, guest)).toEqual([fileThere(guest)]);
  for (const flag of [[], ['--inactive']]) {
    expect(await virsh(beta, 'domblklist', guest.uuid, ...flag)).toContain(fileThere(guest));
  }
  const info = JSON.parse(await run('qemu-img', ['info', '-U', '--output=json', fileThere(guest)]));
  expect(info['backing-filename']).toBeUndefined();
  expect(parts.broken).toEqual([]);
});

test('all disks go, each to its place; the memory is told of on the way', async () => {
  const name = 'go-two';
  const disk = (target: string) => ({
    target,
    size: 64 * MiB,
    layers: [0, 1].map((level) => ({
      file: `${name}-${target}-${level}.qcow2`,
      writes: [{ pattern: level + 3, offset: level * MiB, length: 2 * MiB }],
    })),
  });
  const guest = await traveller({ name, busy: true, cdrom: 'sda', disks: [disk('vda'), disk('vdb')] });
  await virsh(alpha, 'migrate-setspeed', guest.uuid, '1');
  const parts = await dashboard(alpha, beta);
  // One after the other: each holds the guest still.
  const before = [await contentOf(guest, 'vda'), await contentOf(guest, 'vdb')];
  const { id } = await parts.run(guest, toBeta(parts));
  await until('rates', async () => (parts.progress.at(-1)?.memory?.dirtyRate ?? null) !== null, 30);
  expect(parts.progress.at(-1)).toMatchObject({
    step: 2,
    copied: null,
    memory: { total: expect.any(Number), remaining: expect.any(Number), downtime: expect.any(Number) },
  });
  await letGo(guest);
  expect(await parts.reached(id, ...ends)).toMatchObject({ state: 'succeeded' });
  for (const [i, target] of ['vda', 'vdb'].entries()) {
    expect(chainThere(parts, guest, target)).toEqual([fileThere(guest, target)]);
    expect(await contentThere(guest, target)).toBe(before[i]);
  }
  expect(parts.broken).toEqual([]);
});

test('without the pull the chain of the source stays below the new image', async () => {
  const guest = await simple('go-late');
  const parts = await dashboard(alpha, beta);
  const before = await contentOf(guest);
  const intent = toBeta(parts, { pull: false });
  expect((await parts.preview(guest, intent)).warnings).toMatchObject([{ code: 'STORAGE_STAYS_BEHIND' }]);
  const { id } = await parts.run(guest, intent);
  expect(await parts.reached(id, ...ends)).toMatchObject({ state: 'succeeded' });
  expect(chainThere(parts, guest)).toEqual([fileThere(guest), ...(guest.disks[0]?.images ?? [])]);
  expect(await contentThere(guest)).toBe(before);
});

test('snapshot records in the way are forgotten first, where that was chosen', async () => {
  const guest = await simple('go-records');
  const snap = `${guest.disks[0]?.images[0]}.snap`;
  onTestFinished(() => rm(snap, { force: true }));
  await virsh(
    alpha,
    'snapshot-create-as',
    guest.uuid,
    's 1',
    '--disk-only',
    '--diskspec',
    `vda,file=${snap}`,
  );
  const parts = await dashboard(alpha, beta);
  const before = await contentOf(guest);
  expect((await parts.preview(guest, toBeta(parts, { forgetFirst: false }))).refusals).toMatchObject([
    { code: 'RECORDS_IN_THE_WAY', params: { count: 1 } },
  ]);
  const { id, plan } = await parts.run(guest, toBeta(parts));
  expect(plan.steps[0]).toMatchObject({ kind: 'forget', names: ['s 1'] });
  expect(await parts.reached(id, ...ends)).toMatchObject({ state: 'succeeded' });
  expect(await contentThere(guest)).toBe(before);
});

test('the destination may know the image by another path', async () => {
  const guest = await simple('go-mapped');
  const link = join(lab.dir, 'go-mapped.qcow2');
  await symlink(guest.disks[0]?.images[0] ?? '', link);
  onTestFinished(() => rm(link));
  const parts = await dashboard(alpha, beta);
  const before = await contentOf(guest);
  const disks = [{ target: 'vda', file: null, from: link }];
  const { id } = await parts.run(guest, toBeta(parts, { disks, pull: false }));
  expect(await parts.reached(id, ...ends)).toMatchObject({ state: 'succeeded', problem: null });
  expect(chainThere(parts, guest)?.slice(0, 2)).toEqual([fileThere(guest), link]);
  expect(await contentThere(guest)).toBe(before);
});

describe('until the switch, whatever happens leaves the guest where it was and the destination clean:', () => {
  async function begun(name: string) {
    const guest = await endless(name);
    const parts = await dashboard(alpha, beta);
    const before = await contentOf(guest);
    const { id } = await parts.run(guest, toBeta(parts));
    await parts.sampled(id);
    expect(await isFile(fileThere(guest))).toBe(true);
    return { guest, parts, before, id };
  }

  test('a cancel', async () => {
    const { guest, parts, before, id } = await begun('stay-cancel');
    await parts.engine.cancel(id, 'tester');
    const operation = await parts.reached(id, ...ends);
    expect(operation).toMatchObject({ state: 'cancelled', problem: null });
    expect(operation.steps.map(({ state }) => state)).toEqual(['undone', 'running', 'waiting']);
    await expectNothingDone(parts, guest, before);
  });

  test('an abort by somebody else', async () => {
    const { guest, parts, before, id } = await begun('stay-abort');
    await virsh(alpha, 'domjobabort', guest.uuid);
    expect(await parts.reached(id, ...ends)).toMatchObject({
      state: 'failed',
      problem: {
        code: 'MIGRATION_FAILED',
        params: { reason: expect.stringContaining('canceled by client') },
      },
    });
    await expectNothingDone(parts, guest, before);
  });

  test('the end of the destination’s daemon', async () => {
    const { guest, parts, before, id } = await begun('stay-beta');
    await killDaemon(lab, beta);
    await until('the loss', async () => parts.fleet.hosts().some(({ state }) => state === 'lost'), 30);
    expect(await virsh(alpha, 'domstate', guest.uuid)).toContain('running');
    await startDaemon(lab, beta);
    expect(await parts.reached(id, ...ends)).toMatchObject({
      state: 'failed',
      problem: { code: 'MIGRATION_FAILED' },
    });
    await expectNothingDone(parts, guest, before);
  });

  test('the end of the source’s daemon', async () => {
    const { guest, parts, before, id } = await begun('stay-alpha');
    await killDaemon(lab, alpha);
    await startDaemon(lab, alpha);
    expect(await parts.reached(id, ...ends)).toMatchObject({
      state: 'failed',
      problem: { code: 'MIGRATION_LOST' },
    });
    await expectNothingDone(parts, guest, before);
  });

  test('the end of the guest’s QEMU', async () => {
    const { guest, parts, id } = await begun('stay-qemu');
    await killQemu(lab, guest);
    expect(await parts.reached(id, ...ends)).toMatchObject({
      state: 'failed',
      problem: { code: 'MIGRATION_STOPPED' },
    });
    expect(await isOn(beta, guest)).toBe(false);
    expect(await isFile(fileThere(guest))).toBe(false);
    expect(parts.broken).toEqual([]);
  });

  test('an image that the destination loses after the plan was made', async () => {
    const guest = await simple('stay-image');
    const parts = await dashboard(alpha, beta);
    const before = await contentOf(guest);
    const plan = await parts.preview(guest, toBeta(parts));
    const { fingerprint, guest: ref, intent } = plan;
    const [active = ''] = guest.disks[0]?.images ?? [];
    await rename(active, `${active}.away`);
    onTestFinished(() => rm(`${active}.away`, { force: true }));
    const started = parts.engine.start({ guest: ref, intent, fingerprint, bandwidth: 0, actor: 'tester' });
    await expect(started).rejects.toMatchObject({ problem: { code: 'IMAGE_NOT_THERE' } });
    await rename(`${active}.away`, active);
    await expectNothingDone(parts, guest, before);
  });
});

describe('the next life of the dashboard finds the migration', () => {
  async function orphaned(name: string) {
    const guest = await endless(name);
    const before = await contentOf(guest);
    const database = join((await folder()).path, 'db.sqlite');
    const first = await dashboardOn(database, alpha, beta);
    const { id } = await first.run(guest, toBeta(first));
    await first.sampled(id);
    await first.stop();
    expect(await virsh(alpha, 'domjobinfo', guest.uuid)).toContain('Outgoing migration');
    return { guest, before, next: () => dashboardOn(database, alpha, beta) };
  }

  test('still on its way', async () => {
    const { guest, before, next } = await orphaned('again-way');
    const parts = await next();
    await until('progress', async () => parts.progress.length > 0, 30);
    await letGo(guest);
    expect(await endedOf(parts)).toMatchObject({ state: 'succeeded', problem: null });
    expect(chainThere(parts, guest)).toEqual([fileThere(guest)]);
    expect(await contentThere(guest)).toBe(before);
  });

  test('still on its way, and cancels it', async () => {
    const { guest, before, next } = await orphaned('again-cancel');
    const parts = await next();
    await until('progress', async () => parts.progress.length > 0, 30);
    const [{ id = '' } = {}] = await parts.store.journal.list({ limit: 1 });
    await parts.engine.cancel(id, 'tester');
    expect(await endedOf(parts)).toMatchObject({ state: 'cancelled', problem: null });
    await expectNothingDone(parts, guest, before);
  });

  test('over: the guest is there', async () => {
    const { guest, before, next } = await orphaned('again-over');
    await letGo(guest);
    await until('the switch', async () => !(await isOn(alpha, guest)), 30);
    const parts = await next();
    expect(await endedOf(parts)).toMatchObject({ state: 'succeeded', problem: null });
    expect(await contentThere(guest)).toBe(before);
  });

  test('over: it came to nothing', async () => {
    const { guest, before, next } = await orphaned('again-lost');
    await virsh(alpha, 'domjobabort', guest.uuid);
    await until('the end', async () => !(await isOn(beta, guest)), 30);
    const parts = await next();
    expect(await endedOf(parts)).toMatchObject({ state: 'failed', problem: { code: 'MIGRATION_LOST' } });
    await expectNothingDone(parts, guest, before);
  });
});

describe('refused, with nothing done:', () => {
  interface Bad {
    readonly what: string;
    readonly code: string;
    readonly intent: (parts: Dashboard, guest: LabGuest) => Partial<MigrateIntent>;
    readonly hinder?: (guest: LabGuest) => Promise<unknown>;
  }
  const at = (file: string, from?: string): Partial<MigrateIntent> => ({
    disks: [{ target: 'vda', file, from }],
  });
  const defined = async (guest: LabGuest, change: (xml: string) => string) => {
    const path = join(lab.dir, `${guest.name}.xml`);
    await writeFile(path, change(await virsh(alpha, 'dumpxml', guest.uuid, '--inactive')));
    await virsh(beta, 'define', path);
  };
  const cases: readonly Bad[] = [
    { what: 'the same host', code: 'MIGRATE_SAME_HOST', intent: ({ hostId }) => ({ to: hostId }) },
    {
      what: 'a file that exists',
      code: 'DESTINATION_EXISTS',
      intent: (_, guest) => at(join(beta.images, `${guest.name}-there.qcow2`)),
      hinder: async (guest) => {
        const path = join(beta.images, `${guest.name}-there.qcow2`);
        await writeFile(path, 'somebody’s');
        onTestFinished(() => rm(path));
      },
    },
    { what: 'a relative path', code: 'DESTINATION_RELATIVE', intent: () => at('there.qcow2') },
    { what: 'no path', code: 'DESTINATION_EMPTY', intent: () => at('') },
    { what: 'a path with ..', code: 'DESTINATION_NOT_PLAIN', intent: () => at(`${beta.images}/../x.qcow2`) },
    {
      what: 'a folder',
      code: 'DESTINATION_IS_FOLDER',
      intent: (_, guest) => at(join(beta.images, guest.name)),
      hinder: async (guest) => {
        await mkdir(join(beta.images, guest.name));
        onTestFinished(() => rm(join(beta.images, guest.name), { recursive: true }));
      },
    },
    {
      what: 'a folder that is no pool',
      code: 'DESTINATION_NOT_IN_POOL',
      intent: () => at(join(lab.dir, 'x.qcow2')),
    },
    { what: 'no such folder', code: 'DESTINATION_NO_FOLDER', intent: () => at('/no/such/x.qcow2') },
    {
      what: 'an image that is not there',
      code: 'IMAGE_NOT_THERE',
      intent: (_, guest) => at(fileThere(guest), join(lab.dir, 'nothing.qcow2')),
    },
    {
      what: 'another image of that name',
      code: 'IMAGE_DIFFERS',
      intent: (_, guest) => at(fileThere(guest), guest.disks[0]?.images[1]),
    },
    {
      what: 'a disk that there is not',
      code: 'DISK_UNKNOWN',
      intent: () => ({ disks: [{ target: 'vdz', file: null }] }),
    },
    {
      what: 'a name that is taken there',
      code: 'GUEST_NAME_TAKEN',
      intent: () => ({}),
      hinder: async (guest) => {
        await defined(guest, (xml) => xml.replace(/<uuid>.*<\/uuid>/, ''));
        onTestFinished(async () => void (await virsh(beta, 'undefine', guest.name)));
      },
    },
    {
      what: 'a UUID that is known there',
      code: 'GUEST_KNOWN_THERE',
      intent: () => ({}),
      hinder: async (guest) => {
        await defined(guest, (xml) => xml);
        onTestFinished(async () => void (await virsh(beta, 'undefine', guest.name)));
      },
    },
    {
      what: 'a block job',
      code: 'JOB_RUNNING',
      intent: () => ({}),
      hinder: async (guest) => {
        await virsh(alpha, 'blockpull', guest.uuid, 'vda', '--bandwidth', '1');
        onTestFinished(async () => void (await virsh(alpha, 'blockjob', guest.uuid, 'vda', '--abort')));
      },
    },
    {
      what: 'a guest that is off',
      code: 'MIGRATE_NOT_RUNNING',
      intent: () => ({}),
      hinder: (guest) => virsh(alpha, 'destroy', guest.uuid),
    },
  ];

  test.each(cases)('$what', async ({ what, code, intent, hinder }) => {
    const layer = (level: number) => ({
      file: `bad-${what.replaceAll(/[^a-z]/g, '')}-${level}.qcow2`,
      writes: [{ pattern: 1, offset: level * 32 * MiB, length: 32 * MiB }],
    });
    const disks = [{ layers: [layer(0), layer(1)], size: 64 * MiB }];
    const guest = await traveller({ name: `bad-${what.replaceAll(/[^a-z]/g, '')}`, disks });
    await hinder?.(guest);
    const parts = await dashboard(alpha, beta);
    const wanted = toBeta(parts, intent(parts, guest));
    const { refusals, fingerprint, guest: ref } = await parts.preview(guest, wanted);
    expect(refusals.map((refusal) => refusal.code)).toContain(code);
    const request = { guest: ref, intent: wanted, fingerprint, bandwidth: 0, actor: 'tester' };
    await expect(parts.engine.start(request)).rejects.toMatchObject({ problem: { code } });
    expect(await parts.store.journal.list({ limit: 1 })).toEqual([]);
    expect(await isFile(fileThere(guest))).toBe(false);
  });
});
