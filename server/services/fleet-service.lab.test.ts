import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { hostOf } from '../../lab/lab.ts';
import { until } from '../../lab/process.ts';
import { lab } from '../../lab/vitest-lab.ts';
import { Fleet } from '../hosts/fleet/fleet.ts';
import { connect } from '../libvirt/index.ts';
import { openStore } from '../store/store.ts';
import { fleetService } from './fleet-service.ts';

const alpha = hostOf(lab, 'alpha');

async function service() {
  const folder = await mkdtemp(join(tmpdir(), 'backchain-fleet-'));
  const store = await openStore(join(folder, 'db.sqlite'));
  const fleet = new Fleet(connect, () => {});
  onTestFinished(async () => {
    await fleet.stop();
    await store.close();
    await rm(folder, { recursive: true });
  });
  return { fleet, store, made: fleetService(fleet, store, () => 7) };
}

test('a host is tested, added, kept, and removed', async () => {
  const { fleet, store, made } = await service();
  const tried = await made.testHost(alpha.uri);
  expect(tried.libvirtVersion).toMatch(/^\d+\.\d+\.\d+$/);
  expect(tried.qemuVersion).toMatch(/^\d+\.\d+\.\d+$/);
  const { id } = await made.addHost(alpha.uri);
  expect((await store.hosts.all()).map(({ uri, addedAt }) => [uri, addedAt])).toEqual([[alpha.uri, 7]]);
  await expect(made.addHost(alpha.uri)).rejects.toMatchObject({
    kind: 'conflict',
    problem: { code: 'HOST_KNOWN' },
  });
  await until('the host', async () => fleet.hosts()[0]?.state === 'connected');
  await made.removeHost(id);
  expect([made.hosts(), await store.hosts.all()]).toEqual([[], []]);
  await expect(made.removeHost(id)).rejects.toMatchObject({
    kind: 'not-found',
    problem: { code: 'HOST_UNKNOWN' },
  });
});

test('regression: another URI of a known daemon is not added as a second host', async () => {
  const { fleet, store, made } = await service();
  await made.addHost(alpha.uri);
  await until('the host', async () => fleet.hosts()[0]?.state === 'connected');
  const around = alpha.uri.replace('/libvirt-sock', '/../libvirt/libvirt-sock');
  await expect(made.addHost(around)).rejects.toMatchObject({
    kind: 'conflict',
    problem: { code: 'HOST_KNOWN_AS' },
  });
  await made.addHost(hostOf(lab, 'beta').uri);
  expect(await store.hosts.all()).toHaveLength(2);
});

test('a text that is no URI, and a URI where nothing answers, are refused and not kept', async () => {
  const { store, made } = await service();
  for (const bad of ['web server', 'qemu+smoke://x/system', 'http://x']) {
    await expect(made.addHost(bad)).rejects.toMatchObject({ problem: { code: 'HOST_URI_INVALID' } });
  }
  const nowhere = 'qemu+unix:///session?socket=/nowhere';
  for (const attempt of [made.testHost(nowhere), made.addHost(nowhere)]) {
    await expect(attempt).rejects.toMatchObject({ problem: { code: 'HOST_UNREACHABLE' } });
  }
  expect(await store.hosts.all()).toEqual([]);
});
