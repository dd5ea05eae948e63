import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { digest } from '../../../lab/content.ts';
import { MiB } from '../../../lab/image.ts';
import type { LabGuest } from '../../../lab/lab.ts';
import { virsh } from '../../../lab/virsh.ts';
import type { Finding, FindingCode } from '../../../model/doctor/finding.ts';
import type { Intent } from '../../../model/kinds/kinds.ts';
import type { Dashboard } from '../../support/dashboard.ts';
import { defineOther, doctorOf, forgetFormat, leak, nameBacking, namedBy } from '../../support/doctor.ts';
import {
  alpha,
  contentOf,
  dashboard,
  folder,
  guestFor,
  imagesOf,
  pullable,
  UNSURE,
} from '../../support/rig.ts';

const threeLayers = (name: string, state: LabGuest['state'] = 'running') =>
  guestFor({ name, state, disks: [{ layers: 3, size: 16 * MiB }] });

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** What the doctor proposes against a finding. */
function fixIn<Kind extends Intent['kind']>(findings: readonly Finding[], code: FindingCode, kind: Kind) {
  const fix = findings.find((finding) => finding.code === code)?.fix;
  const isOf = (intent: Intent): intent is Extract<Intent, { kind: Kind }> => intent.kind === kind;
  if (fix?.kind !== 'plan' || !isOf(fix.intent)) throw new Error(`The doctor has no plan against ${code}`);
  return fix.intent;
}

/** Performs it through the engine. */
async function fixed({ run: start, reached }: Dashboard, guest: LabGuest, intent: Intent) {
  const { id } = await start(guest, intent);
  const operation = await reached(id, 'succeeded', 'failed');
  expect(operation).toMatchObject({ state: 'succeeded', problem: null });
  return operation;
}

describe('a job that nobody here knows', () => {
  const target = (name: string) => join(alpha.images, `${name}-copy.qcow2`);
  async function copyReady(name: string) {
    const guest = await pullable(name);
    const file = target(name);
    onTestFinished(() => rm(file, { force: true }));
    await virsh(
      alpha,
      'blockcopy',
      guest.uuid,
      'vda',
      '--dest',
      file,
      '--format',
      'qcow2',
      '--transient-job',
      '--wait',
    );
    return { guest, file };
  }

  test.each(['abort', 'pivot'] as const)('a copy that is ready is ended by its %s', async (how) => {
    const { guest, file } = await copyReady(`fix-copy-${how}`);
    const parts = await dashboard();
    const doctor = doctorOf(parts);
    const before = await contentOf(guest);
    const images = parts.chain(guest);
    const intent = { ...fixIn(await doctor.findings(guest), 'JOB_READY', 'end-job'), how };
    await fixed(parts, guest, intent);
    expect(parts.chain(guest)).toEqual(how === 'pivot' ? [file] : images);
    expect(await doctor.codes(guest)).toEqual([]);
    expect(await contentOf(guest)).toBe(before);
    expect(await virsh(alpha, 'dumpxml', '--inactive', guest.uuid)).toContain(
      how === 'pivot' ? file : (images[0] ?? ''),
    );
    expect((await stat(file)).isFile()).toBe(true);
  });

  test('an active commit is pivoted to its base', async () => {
    const guest = await pullable('fix-commit');
    const [, second = '', third = '', base = ''] = imagesOf(guest);
    await virsh(alpha, 'blockcommit', guest.uuid, 'vda', '--active', '--base', second, '--wait');
    const parts = await dashboard();
    const before = await contentOf(guest);
    await fixed(parts, guest, { kind: 'end-job', target: 'vda', how: 'pivot' });
    expect(parts.chain(guest)).toEqual([second, third, base]);
    expect(await contentOf(guest)).toBe(before);
  });

  test('a pull that runs is aborted, and has no pivot', async () => {
    const guest = await pullable('fix-pull');
    const before = await contentOf(guest);
    await virsh(alpha, 'blockpull', guest.uuid, 'vda', '1');
    const parts = await dashboard();
    const doctor = doctorOf(parts);
    const pivot = await parts.preview(guest, { kind: 'end-job', target: 'vda', how: 'pivot' });
    expect(pivot.refusals).toEqual([{ code: 'JOB_HAS_NO_PIVOT', params: { target: 'vda' } }]);
    await fixed(parts, guest, fixIn(await doctor.findings(guest), 'JOB_UNKNOWN', 'end-job'));
    expect(parts.chain(guest)).toEqual(imagesOf(guest));
    expect(await doctor.codes(guest)).toEqual([]);
    expect(await contentOf(guest)).toBe(before);
  });
});

test('a definition follows its guest, and nothing else in it changes', async () => {
  const guest = await guestFor({
    name: 'fix-define',
    disks: [
      { layers: 3, size: 16 * MiB },
      { target: 'vdb', layers: 1 },
    ],
  });
  const [active = '', middle = ''] = imagesOf(guest);
  const inactive = () => virsh(alpha, 'dumpxml', '--inactive', '--security-info', guest.uuid);
  const right = await inactive();
  await defineOther(guest, active, middle);
  const parts = await dashboard();
  const doctor = doctorOf(parts);
  const before = await contentOf(guest);
  await fixed(parts, guest, fixIn(await doctor.findings(guest), 'DEFINITION_OTHER', 'redefine'));
  expect(await inactive()).toBe(right);
  expect(await doctor.codes(guest)).toEqual([]);
  await virsh(alpha, 'destroy', guest.uuid);
  await virsh(alpha, 'start', guest.uuid);
  expect(await contentOf(guest)).toBe(before);
  const again = await parts.preview(guest, { kind: 'redefine', target: 'vda' });
  expect(again.refusals.map(({ code }) => code)).toEqual(['DEFINITION_SAME']);
});

test('a definition that would lose what can’t be written back is left alone', async () => {
  const guest = await threeLayers('fix-mixed');
  const [active = '', middle = ''] = imagesOf(guest);
  await defineOther(guest, active, middle, (xml) =>
    xml.replace('</uuid>', "</uuid><metadata><x:a xmlns:x='urn:x'>one<x:b/>two</x:a></metadata>"),
  );
  const parts = await dashboard();
  const { id } = await parts.run(guest, { kind: 'redefine', target: 'vda' });
  expect(await parts.reached(id, 'failed', 'succeeded')).toMatchObject({
    problem: { code: 'DEFINITION_NOT_PLAIN' },
  });
  expect(await virsh(alpha, 'dumpxml', '--inactive', guest.uuid)).toContain('two');
});

describe('a header', () => {
  test.each<[string, FindingCode, (middle: string, base: string) => Promise<unknown>]>([
    ['relative', 'BACKING_RELATIVE', (middle, base) => nameBacking(middle, nameOf(base), 'qcow2')],
    [
      'detour',
      'BACKING_INDIRECT',
      (middle, base) => nameBacking(middle, `${alpha.images}/../images/${nameOf(base)}`, 'qcow2'),
    ],
    ['unsaid', 'FORMAT_MISSING', (middle) => forgetFormat(middle)],
  ])('that is %s is written anew, and the guest reads the same', async (name, code, spoil) => {
    const guest = await threeLayers(`fix-${name}`, 'shut off');
    const [, middle = '', base = ''] = imagesOf(guest);
    const before = await contentOf(guest);
    await spoil(middle, base);
    expect(await contentOf(guest)).toBe(before);
    const parts = await dashboard();
    const doctor = doctorOf(parts);
    const { plan } = await fixed(parts, guest, fixIn(await doctor.findings(guest), code, 'rewrite-header'));
    expect(plan.warnings).toMatchObject([UNSURE]);
    expect(await doctor.codes(guest)).toEqual([]);
    expect(await contentOf(guest)).toBe(before);
    expect(await namedBy(middle)).toEqual({ backing: base, format: 'qcow2' });
    await virsh(alpha, 'start', guest.uuid);
    expect(await contentOf(guest)).toBe(before);
  });

  test('that names a file which was moved is written anew, and the guest reads as before it was', async () => {
    const guest = await threeLayers('fix-moved', 'shut off');
    const [, middle = '', base = ''] = imagesOf(guest);
    const before = await contentOf(guest);
    const away = join((await folder()).path, 'moved base.qcow2');
    await rename(base, away);
    const parts = await dashboard();
    const doctor = doctorOf(parts);
    const proposed = fixIn(await doctor.findings(guest), 'BACKING_DANGLING', 'rewrite-header');
    expect((await parts.preview(guest, proposed)).refusals.map(({ code }) => code)).toEqual([
      'BACKING_MISSING',
    ]);
    const { plan } = await fixed(parts, guest, { ...proposed, backing: away });
    expect(plan.warnings.map(({ code }) => code)).toEqual(['BACKING_UNVERIFIED', UNSURE.code]);
    expect(await doctor.codes(guest)).toEqual([]);
    expect(await contentOf(guest)).toBe(before);
    expect(parts.chain(guest)).toEqual([imagesOf(guest)[0], middle, away]);
  });

  test('that calls a qcow2 image raw is written anew only where it is said that the guest reads other data', async () => {
    const guest = await threeLayers('fix-raw', 'shut off');
    const [, middle = '', base = ''] = imagesOf(guest);
    const before = await contentOf(guest);
    await nameBacking(middle, base, 'raw');
    expect(await contentOf(guest)).not.toBe(before);
    const parts = await dashboard();
    const doctor = doctorOf(parts);
    const proposed = fixIn(await doctor.findings(guest), 'BACKING_SEEMS_QCOW2', 'rewrite-header');
    await expect(parts.run(guest, proposed)).rejects.toMatchObject({
      problem: { code: 'HEADER_CHANGES_CONTENT' },
    });
    await fixed(parts, guest, { ...proposed, contentMayChange: true });
    expect(await doctor.codes(guest)).toEqual([]);
    expect(await contentOf(guest)).toBe(before);
  });

  test('is left alone while its guest runs, others use the image, or it would lead to itself', async () => {
    const guest = await threeLayers('fix-refused');
    const [active = '', middle = '', base = ''] = imagesOf(guest);
    const parts = await dashboard();
    const rewrite = {
      kind: 'rewrite-header',
      target: 'vda',
      format: 'qcow2',
      contentMayChange: true,
    } as const;
    const refusals = async (image: string, backing: string) =>
      (await parts.preview(guest, { ...rewrite, image, backing })).refusals.map(({ code }) => code);
    expect(await refusals(middle, base)).toEqual(['GUEST_RUNS']);
    await virsh(alpha, 'destroy', guest.uuid);
    expect(await refusals(middle, base)).toEqual(['HEADER_SAME']);
    expect(await refusals(middle, active)).toEqual(['BACKING_LOOP']);
    expect(await refusals(base, active)).toEqual(['NO_BACKING_NAMED']);
    const layers = [{ file: middle, existing: true }, { file: 'fix-refused-other.qcow2' }];
    const other = await guestFor({
      name: 'fix-sharing',
      state: 'shut off',
      disks: [{ layers, size: 16 * MiB }],
    });
    const shared = await parts.preview(guest, { ...rewrite, image: middle, backing: active });
    expect(shared.refusals[0]).toMatchObject({
      code: 'HEADER_SHARED',
      params: { guests: `${other.name} (vda)` },
    });
  });
});

test('leaked clusters are given back, and the guest reads the same', async () => {
  const guest = await threeLayers('fix-leak', 'shut off');
  const [, middle = ''] = imagesOf(guest);
  const before = await contentOf(guest);
  await leak(middle);
  const parts = await dashboard();
  const doctor = doctorOf(parts);
  const { findings } = await doctor.check(parts.diskOf(guest));
  await fixed(parts, guest, fixIn(findings, 'CHECK_LEAKS', 'repair-leaks'));
  expect(await doctor.check(parts.diskOf(guest))).toEqual({ images: 3, findings: [] });
  expect(await contentOf(guest)).toBe(before);
  expect(await digest(imagesOf(guest)[0] ?? '')).toBe(before);
  const again = await parts.preview(guest, { kind: 'repair-leaks', target: 'vda', image: middle });
  expect(again.refusals.map(({ code }) => code)).toEqual(['NO_LEAKS']);
});

test('the images of a guest that is started in the meantime are left alone', async () => {
  const guest = await threeLayers('fix-started', 'shut off');
  const [, middle = ''] = imagesOf(guest);
  await leak(middle);
  const parts = await dashboard();
  const intent = { kind: 'repair-leaks', target: 'vda', image: middle } as const;
  const { fingerprint } = await parts.preview(guest, intent);
  const ref = { hostId: parts.hostId, uuid: guest.uuid };
  await virsh(alpha, 'start', guest.uuid);
  const start = parts.engine.start({ guest: ref, intent, fingerprint, bandwidth: 0, actor: 'tester' });
  await expect(start).rejects.toMatchObject({ problem: { code: 'CHAIN_CHANGED' } });
});
