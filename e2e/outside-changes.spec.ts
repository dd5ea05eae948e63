import { writeFile } from 'node:fs/promises';
import { hostOf } from '../lab/lab.ts';
import { virsh } from '../lab/virsh.ts';
import { bigChain, bigImages } from './big-chain.ts';
import { expect, test } from './fixtures.ts';
import { GuestPage } from './pages/guest-page.ts';

test('a snapshot and a pull by virsh show by themselves', async ({ page, lab, makeGuest }) => {
  const guest = await makeGuest(bigChain);
  const { base } = bigImages(guest);
  const host = hostOf(lab, guest.host);
  const { graph, fleet } = await GuestPage.open(page, guest);
  await expect(graph.now(3)).toBeVisible();

  await virsh(host, 'snapshot-create-as', guest.uuid, 'nightly', '--disk-only');
  guest.files.push(`${host.images}/${guest.name}-active.nightly`);
  await expect(graph.now(4)).toBeVisible();
  await expect(graph.image(`${guest.name}-active.nightly`)).toBeVisible();

  await virsh(host, 'blockpull', guest.uuid, 'vda', '--bandwidth', '1', '--base', base);
  await expect(graph.root).toContainText('a pull that was started elsewhere runs on this disk');
  await expect(fleet.guest(guest.name)).toContainText('pull');
  await virsh(host, 'blockjob', guest.uuid, 'vda', '--bandwidth', '0');
  await expect(graph.now(2)).toBeVisible();
  await expect(graph.root).not.toContainText('started elsewhere');
});

test('a guest that is stopped, started, made and removed by virsh is followed', async ({
  page,
  lab,
  makeGuest,
}, testInfo) => {
  const guest = await makeGuest(() => ({ state: 'shut off', disks: [{ layers: 2 }] }));
  const host = hostOf(lab, guest.host);
  const at = await GuestPage.open(page, guest);
  await expect(at.fleet.guest(guest.name)).toContainText('shut off');

  await virsh(host, 'start', guest.uuid);
  await expect(at.fleet.guest(guest.name)).toContainText('running');
  await virsh(host, 'destroy', guest.uuid);
  await expect(at.fleet.guest(guest.name)).toContainText('shut off');

  const later = await makeGuest(() => ({ state: 'shut off' }));
  await expect(at.fleet.guest(later.name)).toBeVisible();
  const definition = await virsh(host, 'dumpxml', '--inactive', guest.uuid);
  await virsh(host, 'undefine', guest.uuid);
  await expect(at.fleet.guest(guest.name)).toBeHidden();
  await expect(at.main).toContainText('This guest no longer exists here');

  const file = testInfo.outputPath('guest.xml');
  await writeFile(file, definition);
  await virsh(host, 'define', file);
  await expect(at.graph.now(2)).toBeVisible();
});
