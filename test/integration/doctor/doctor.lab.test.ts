import { open, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type LayerSpec, MiB } from '../../../lab/image.ts';
import type { LabGuest } from '../../../lab/lab.ts';
import { attempt, run } from '../../../lab/run.ts';
import { virsh } from '../../../lab/virsh.ts';
import {
  corrupt,
  defineOther,
  doctorOf,
  forgetFormat,
  leak,
  nameBacking,
  nameUnlocked,
} from '../../support/doctor.ts';
import { alpha, contentOf, dashboard, folder, guestFor, imagesOf, pullable } from '../../support/rig.ts';

const off = { state: 'shut off' } as const;

/** A guest with three images of some MiB. */
const threeLayers = (name: string, state: LabGuest['state'] = 'running') =>
  guestFor({ name, state, disks: [{ layers: 3, size: 16 * MiB }] });

test.each(['running', 'shut off'] as const)('a guest that is %s and well has no finding', async (state) => {
  const guest = await threeLayers(`doc-well-${state.replace(' ', '-')}`, state);
  const doctor = doctorOf(await dashboard());
  expect(await doctor.examine(guest.uuid)).toEqual({
    findings: [],
    guests: 1,
    images: 3,
    failed: [],
    notInspected: [],
    lostHosts: [],
  });
});

test('what headers say about the image below is compared with the files', async () => {
  const guest = await threeLayers('doc-headers', 'shut off');
  const doctor = doctorOf(await dashboard());
  const [active = '', middle = '', base = ''] = imagesOf(guest);
  await nameBacking(middle, base.slice(base.lastIndexOf('/') + 1), 'qcow2');
  expect(await doctor.findings(guest)).toMatchObject([{ code: 'BACKING_RELATIVE', image: middle }]);

  await nameBacking(middle, `${alpha.images}/../images/${base.slice(base.lastIndexOf('/') + 1)}`, 'qcow2');
  expect(await doctor.codes(guest)).toEqual(['BACKING_INDIRECT']);

  const link = join(alpha.images, 'doc-headers-link');
  await symlink(base, link);
  onTestFinished(() => rm(link, { force: true }));
  await nameBacking(middle, link, 'qcow2');
  expect(await doctor.codes(guest)).toEqual(['BACKING_INDIRECT']);

  await nameBacking(middle, base, 'raw');
  expect(await doctor.codes(guest)).toContain('BACKING_SEEMS_QCOW2');
  await nameBacking(middle, base, 'qcow2');

  await forgetFormat(active);
  expect(await doctor.findings(guest)).toMatchObject([{ code: 'FORMAT_MISSING', image: active }]);
  await nameBacking(active, middle, 'qcow2');
  expect(await doctor.codes(guest)).toEqual([]);

  const away = `${base}.away`;
  await rename(base, away);
  onTestFinished(() => rm(away, { force: true }));
  const codes = await doctor.codes(guest);
  expect(codes).toContain('BACKING_DANGLING');
  expect(codes).toContain('IMAGE_MISSING');
});

test('a header that calls something qcow2 that is not is found, and the unreadable chain too', async () => {
  const guest = await threeLayers('doc-none', 'shut off');
  const [, middle = '', base = ''] = imagesOf(guest);
  await writeFile(base, Buffer.alloc(MiB, 7));
  const doctor = doctorOf(await dashboard());
  expect(await doctor.findings(guest)).toMatchObject([
    { code: 'UNREADABLE', severity: 'bad', problem: { code: 'CHAIN_UNREADABLE' } },
    {
      code: 'BACKING_NOT_QCOW2',
      severity: 'bad',
      image: middle,
      fix: { intent: { kind: 'rewrite-header', image: middle, backing: base, format: 'raw' } },
    },
  ]);
});

test('what a chain shows by itself is found on each disk, the worst first', async () => {
  const own = (name: string, layers: readonly LayerSpec[] | number) => ({
    target: name,
    layers,
    size: 16 * MiB,
  });
  const file = (name: string) => `doc-shown-${name}.qcow2`;
  const { path } = await folder();
  const [longer, split] = [join(path, 'longer.qcow2'), join(path, 'split.qcow2')];
  await run('qemu-img', ['create', '-q', '-f', 'qcow2', longer, '24M']);
  await run('qemu-img', ['create', '-q', '-f', 'qcow2', '-o', `data_file=${path}/data.raw`, split, '16M']);
  const guest = await guestFor({
    name: 'doc-shown',
    ...off,
    disks: [
      own('vda', 12),
      own('vdb', [{ file: longer, existing: true }, { file: file('b') }]),
      own('vdc', [{ file: file('c0'), internalSnapshot: 'before' }, { file: file('c1') }]),
      own('vdd', [{ file: split, existing: true }, { file: file('d') }]),
      own('vde', [{ file: file('e0') }, { file: file('e1'), options: 'extended_l2=on' }]),
    ],
  });
  const parts = await dashboard();
  const found = await doctorOf(parts).findings(guest);
  const dies = parts.fleet.hosts()[0]?.capabilities.extendedL2Aborts;
  expect(found.map(({ target, severity, code }) => `${target} ${severity} ${code}`)).toEqual([
    'vda warn DEEP',
    'vdb note SIZES_DIFFER',
    'vdc note INTERNAL_SNAPSHOTS',
    'vdd note DATA_FILE',
    ...(dies ? ['vde note EXTENDED_L2'] : []),
  ]);
  expect(found[0]).toMatchObject({ params: { depth: 12 }, fix: { kind: 'flatten', target: 'vda' } });
  expect(found[1]?.params).toMatchObject({ size: 16 * MiB, lower: 24 * MiB, longer: 'false' });
});

test('records are found that keep a guest from being undefined, and those that nobody can revert to apart', async () => {
  const layers = [{ file: 'doc-rec-0.qcow2' }, { file: 'doc-rec-1.qcow2', snapshot: 'old' }];
  const guest = await guestFor({ name: 'doc-rec', disks: [{ layers, size: 16 * MiB }] });
  await virsh(alpha, 'blockpull', guest.uuid, 'vda', '--wait');
  const top = join(alpha.images, 'doc-rec-2.qcow2');
  guest.files.push(top);
  await virsh(alpha, `snapshot-create-as ${guest.uuid} new --disk-only --diskspec vda,file=${top}`);
  const parts = await dashboard();
  const doctor = doctorOf(parts);
  const found = await doctor.findings(guest);
  const reverts = parts.guest(guest).reverts !== null;
  expect(found).toMatchObject(
    reverts
      ? [{ code: 'RECORDS_REVERTIBLE', severity: 'note', params: { count: 2 }, fix: null }]
      : [
          { code: 'RECORDS_STALE', severity: 'warn', fix: { intent: { kind: 'forget', names: ['old'] } } },
          { code: 'RECORDS_KEPT', severity: 'note', fix: { intent: { kind: 'forget', names: ['new'] } } },
        ],
  );
  await virsh(alpha, 'destroy', guest.uuid);
  const undefine = () => attempt('virsh', ['-q', '-c', alpha.uri, 'undefine', guest.uuid]);
  expect((await undefine()).stderr).toMatch(/2 snapshots/);
  const content = await contentOf(guest);
  const intents = found.flatMap(({ fix }) => (fix?.kind === 'plan' ? [fix.intent] : []));
  // What can be reverted to goes only where somebody asks for it.
  if (reverts) intents.push({ kind: 'forget', names: ['old', 'new'] });
  for (const intent of intents) {
    const { id } = await parts.run(guest, intent);
    expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  }
  expect(await doctor.codes(guest)).toEqual([]);
  expect(await contentOf(guest)).toBe(content);
  expect((await undefine()).stderr).toBe('');
});

test('a raw image whose guest wrote a qcow2 header into it is not taken for one', async () => {
  const layers = [{ file: 'doc-raw.img', format: 'raw' as const }, { file: 'doc-raw-active.qcow2' }];
  const guest = await guestFor({ name: 'doc-raw', ...off, disks: [{ layers, size: 16 * MiB }] });
  const doctor = doctorOf(await dashboard());
  expect(await doctor.codes(guest)).toEqual([]);
  const file = await open(imagesOf(guest)[1] ?? '', 'r+');
  const header = Buffer.alloc(104);
  header.write('QFI\xfb', 'latin1');
  header.writeUInt32BE(3, 4);
  await file.write(header, 0, header.length, 0);
  await file.close();
  // Such a beginning is reported as a doubt, and the chain stays what the header says.
  expect(await doctor.findings(guest)).toMatchObject([{ code: 'BACKING_SEEMS_QCOW2', severity: 'warn' }]);
  const layersNow = await dashboard();
  expect(layersNow.guest(guest).disks[0]?.chain?.images[1]?.format).toBe('raw');
});

test('a header that is written anew under a running guest names another image than it has', async () => {
  const guest = await threeLayers('doc-other');
  const other = await threeLayers('doc-other-2', 'shut off');
  const doctor = doctorOf(await dashboard());
  const [active = '', middle = ''] = imagesOf(guest);
  await nameUnlocked(active, imagesOf(other)[1] ?? '');
  expect(await doctor.findings(guest)).toMatchObject([
    { code: 'BACKING_OTHER', severity: 'bad', params: { below: middle } },
  ]);
});

test('a definition that names an old image is found while the guest runs', async () => {
  const guest = await threeLayers('doc-defined');
  const doctor = doctorOf(await dashboard());
  const [active = '', middle = ''] = imagesOf(guest);
  await defineOther(guest, active, middle);
  expect(await doctor.findings(guest)).toMatchObject([
    { code: 'DEFINITION_OTHER', severity: 'bad', params: { image: middle, active } },
  ]);
});

test('jobs are found that nobody here knows, and those of an operation are not', async () => {
  const guest = await pullable('doc-job');
  const parts = await dashboard();
  const doctor = doctorOf(parts);
  await virsh(alpha, 'blockcommit', guest.uuid, 'vda', '--active', '--base', imagesOf(guest)[1] ?? '');
  await expect.poll(() => doctor.codes(guest), { timeout: 20_000 }).toEqual(['JOB_READY']);
  await virsh(alpha, 'blockjob', guest.uuid, 'vda', '--abort');
  const { id } = await parts.flatten(guest, 3, { bandwidth: MiB });
  await parts.sampled(id);
  expect(await doctor.codes(guest)).toEqual([]);
  await parts.engine.cancel(id, 'tester');
  await parts.reached(id, 'cancelled');
  await virsh(alpha, 'blockpull', guest.uuid, 'vda', '1');
  await expect.poll(() => doctor.codes(guest)).toEqual(['JOB_UNKNOWN']);
  await virsh(alpha, 'blockjob', guest.uuid, 'vda', '--abort');
});

test('leaked clusters are found by a check, and only then', async () => {
  const guest = await threeLayers('doc-leak', 'shut off');
  const parts = await dashboard();
  const doctor = doctorOf(parts);
  const [active = '', middle = ''] = imagesOf(guest);
  const content = await contentOf(guest);
  await leak(middle);
  expect(await contentOf(guest)).toBe(content);
  expect(await doctor.codes(guest)).toEqual([]);
  const checked = await doctor.check(parts.diskOf(guest));
  expect(checked).toMatchObject({
    images: 3,
    findings: [{ code: 'CHECK_LEAKS', severity: 'warn', image: middle, params: { count: 1 } }],
  });
  expect(checked.findings.map(({ image }) => image)).not.toContain(active);
});

test('an image that contradicts itself is found by a check, and no repair is offered', async () => {
  const guest = await threeLayers('doc-errors', 'shut off');
  const parts = await dashboard();
  const doctor = doctorOf(parts);
  const [, middle = ''] = imagesOf(guest);
  await corrupt(middle);
  expect((await doctor.check(parts.diskOf(guest))).findings).toMatchObject([
    { code: 'CHECK_ERRORS', severity: 'bad', image: middle, fix: null },
  ]);
  const plan = await parts.preview(guest, { kind: 'repair-leaks', target: 'vda', image: middle });
  expect(plan.refusals.map(({ code }) => code)).toEqual(['IMAGE_HAS_ERRORS']);
});
