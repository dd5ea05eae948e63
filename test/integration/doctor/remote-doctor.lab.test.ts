import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { MiB } from '../../../lab/image.ts';
import { virsh } from '../../../lab/virsh.ts';
import type { Finding } from '../../../model/doctor/finding.ts';
import { connect } from '../../../server/libvirt/index.ts';
import { openDashboard } from '../../support/dashboard.ts';
import { corrupt, doctorOf, forgetFormat, leak, nameBacking } from '../../support/doctor.ts';
import { alpha, dashboard, folder, guestFor, imagesOf } from '../../support/rig.ts';
import { sshToAlpha } from '../../support/ssh.ts';

const server = await sshToAlpha();

/** A dashboard for which the host is another machine. Its shell is reached by this URI, and its libvirt as always. */
async function farFrom(uri: string) {
  const opened = await openDashboard({
    uris: [uri],
    database: join((await folder()).path, 'db.sqlite'),
    connectTo: (_uri, options) => connect(alpha.uri, options),
  });
  onTestFinished(opened.stop);
  return opened;
}

const ssh = (keyfile = server.keyfile) =>
  `qemu+ssh://${server.user}@127.0.0.1:${server.port}/session?keyfile=${keyfile}`;

const toldByHeaders = (findings: readonly Finding[]) =>
  findings
    .filter(({ code }) => /^(BACKING|FORMAT)_/.test(code))
    .map(({ hostId: _, ...finding }) => finding)
    .toSorted((a, b) => `${a.target} ${a.code}`.localeCompare(`${b.target} ${b.code}`));

test('through ssh the headers and files of a host show what they show to a local reader', async () => {
  const targets = ['vda', 'vdb', 'vdc', 'vdd', 'vde', 'vdf'];
  const guest = await guestFor({
    name: 'far-headers',
    state: 'shut off',
    disks: targets.map((target) => ({ target, layers: 2, size: 16 * MiB })),
  });
  const [well, relative, detour, unsaid, link, dangling] = guest.disks.map(
    ({ images: [top = '', base = ''] }) => ({
      top,
      base,
      name: base.slice(base.lastIndexOf('/') + 1),
    }),
  );
  if (!well || !relative || !detour || !unsaid || !link || !dangling)
    throw new Error('Six disks are expected');
  await nameBacking(relative.top, relative.name, 'qcow2');
  await nameBacking(detour.top, `${alpha.images}/../images/${detour.name}`, 'raw');
  await forgetFormat(unsaid.top);
  const over = join(alpha.images, `it's "a" $(link) 名`);
  guest.files.push(over);
  await symlink(link.base, over);
  await nameBacking(link.top, over, 'qcow2');
  await nameBacking(dangling.top, `${dangling.base}.gone`, 'qcow2');
  await virsh(alpha, 'pool-refresh', 'default');
  const near = await doctorOf(await dashboard()).examine(guest.uuid);
  const far = await doctorOf(await farFrom(ssh())).examine(guest.uuid);
  expect(far.notInspected).toEqual([]);
  expect(toldByHeaders(near.findings).map(({ target, code }) => `${target} ${code}`)).toEqual([
    'vdb BACKING_RELATIVE',
    'vdc BACKING_INDIRECT',
    'vdc BACKING_SEEMS_QCOW2',
    'vdd FORMAT_MISSING',
    'vde BACKING_INDIRECT',
    'vdf BACKING_DANGLING',
  ]);
  expect(toldByHeaders(far.findings)).toEqual(toldByHeaders(near.findings));
});

test('through ssh images are checked, and nothing is written', async () => {
  const guest = await guestFor({
    name: 'far-check',
    state: 'shut off',
    disks: [{ layers: 3, size: 16 * MiB }],
  });
  const [, middle = '', base = ''] = imagesOf(guest);
  await leak(middle);
  await corrupt(base);
  await virsh(alpha, 'pool-refresh', 'default');
  const parts = await farFrom(ssh());
  const { images, findings } = await doctorOf(parts).check(parts.diskOf(guest));
  expect(images).toBe(3);
  expect(findings).toMatchObject([
    { code: 'CHECK_ERRORS', image: base, fix: null },
    { code: 'CHECK_LEAKS', image: middle, params: { count: 1 } },
  ]);
  const intent = { kind: 'repair-leaks', target: 'vda', image: middle } as const;
  const { refusals } = await parts.preview(guest, intent);
  expect(refusals.map(({ code }) => code)).toEqual(['IMAGE_OUT_OF_REACH']);
});

test('a host whose files can’t be reached is named, and none of its images counts as checked', async () => {
  const guest = await guestFor({ name: 'far-dark', state: 'shut off' });
  for (const { uri, code, checked } of [
    { uri: ssh('/nowhere'), code: 'SHELL_FAILED', checked: 'CHECK_FAILED' },
    { uri: 'qemu+tls://127.0.0.1/session', code: 'FILES_OUT_OF_REACH', checked: 'FILES_OUT_OF_REACH' },
  ]) {
    const parts = await farFrom(uri);
    const doctor = doctorOf(parts);
    const hostName = parts.fleet.hosts()[0]?.name;
    expect(await doctor.examine(guest.uuid)).toMatchObject({
      guests: 1,
      failed: [],
      notInspected: [{ hostName, problem: { code } }],
    });
    await expect(doctor.check(parts.diskOf(guest))).rejects.toMatchObject({ problem: { code: checked } });
  }
});
