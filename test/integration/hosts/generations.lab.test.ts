import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { killDaemon, startDaemon } from '../../../lab/faults.ts';
import { MiB } from '../../../lab/image.ts';
import type { LabGuest } from '../../../lab/lab.ts';
import { until } from '../../../lab/process.ts';
import { capabilitiesOf, type Versions } from '../../../model/fleet/capabilities.ts';
import { guestOf } from '../../../model/plans/plan.ts';
import { flattenTo } from '../../../model/testing.ts';
import { connect, type ProcedureName, type ResultOf } from '../../../server/libvirt/index.ts';
import { openDashboard } from '../../support/dashboard.ts';
import { alpha, beta, folder, guestFor, lab } from '../../support/rig.ts';

const DEBIAN_12 = { libvirtVersion: '9.0.0', qemuVersion: '7.2.22' };
const DEBIAN_13 = { libvirtVersion: '11.3.0', qemuVersion: '10.0.13' };

/** A dashboard whose hosts say that they have these versions; all else they say is true. */
async function dashboardOf(versions: (uri: string) => Versions) {
  const parts = await openDashboard({
    uris: [alpha.uri, beta.uri],
    database: join((await folder()).path, 'db.sqlite'),
    connectTo: async (uri, options) => {
      const { libvirtVersion, qemuVersion } = versions(uri);
      const said: { readonly [Name in ProcedureName]?: ResultOf<Name> } = {
        CONNECT_GET_LIB_VERSION: numberOf(libvirtVersion),
        CONNECT_GET_VERSION: numberOf(qemuVersion),
      };
      const connection = await connect(uri, options);
      const call = connection.call.bind(connection);
      connection.call = async (name, args, how) => said[name] ?? call(name, args, how);
      return connection;
    },
  });
  onTestFinished(parts.stop);
  return parts;
}

/** A version as libvirt says it. */
function numberOf(version: string | null): bigint {
  const [major = 0, minor = 0, release = 0] = version?.split('.').map(Number) ?? [];
  return BigInt(major * 1_000_000 + minor * 1000 + release);
}

/** A guest with a snapshot, to which it can be reverted once its base was merged away, or can't. */
function withSnapshot(host: string, name: string): Promise<LabGuest> {
  const layers = [{ file: `${name}-0.qcow2` }, { file: `${name}-1.qcow2`, snapshot: 'night' }];
  return guestFor({ host, name, disks: [{ layers, size: 16 * MiB }] });
}

const intent = flattenTo(null, { forgetAfter: true });

test('hosts of different generations in one fleet: each guest’s plan goes by its own host', async () => {
  const [old, young] = [await withSnapshot('alpha', 'gen-old'), await withSnapshot('beta', 'gen-young')];
  const { fleet, planner } = await dashboardOf((uri) => (uri === alpha.uri ? DEBIAN_12 : DEBIAN_13));
  expect(fleet.hosts().map(({ capabilities }) => capabilities)).toEqual([
    capabilitiesOf(DEBIAN_12),
    capabilitiesOf(DEBIAN_13),
  ]);
  const plans = await Promise.all(
    [old, young].map(({ uuid }, i) => planner.preview({ hostId: fleet.hosts()[i]?.id ?? '', uuid }, intent)),
  );
  expect(plans.map(({ steps }) => steps.map(({ kind }) => kind))).toEqual([['pull', 'forget'], ['pull']]);
  expect(plans.map(({ refusals }) => refusals)).toEqual([[], []]);
});

test('a libvirt that is upgraded under a running dashboard: what it can do is asked again', async () => {
  const guest = await withSnapshot('beta', 'gen-upgraded');
  let versions = DEBIAN_12;
  const { fleet, planner, engine, store, events, otherHostIds } = await dashboardOf(() => versions);
  const [hostId = ''] = otherHostIds;
  const ref = { hostId, uuid: guest.uuid };
  const host = () => fleet.hosts().find(({ id }) => id === hostId);
  expect(host()).toMatchObject({ ...DEBIAN_12, capabilities: capabilitiesOf(DEBIAN_12) });
  expect(fleet.guest(ref)?.reverts).toBeNull();
  const before = await planner.preview(ref, intent);
  expect(before.steps.map(({ kind }) => kind)).toEqual(['pull', 'forget']);

  await killDaemon(lab, beta);
  await until('the loss to be seen', async () => host()?.state === 'lost');
  versions = DEBIAN_13;
  await startDaemon(lab, beta);
  await until('the host to be back', async () => host()?.state === 'connected');

  expect(host()).toMatchObject({ ...DEBIAN_13, capabilities: capabilitiesOf(DEBIAN_13) });
  expect(events).toContainEqual({ kind: 'host', host: host() });
  expect(fleet.guest(ref)?.reverts).toMatchObject({ current: 'night' });
  // Who saw the plan of before agreed to forget what can be reverted to now.
  const { fingerprint } = before;
  const start = engine.start({ guest: guestOf(before), intent, fingerprint, bandwidth: 0, actor: 'tester' });
  await expect(start).rejects.toMatchObject({ problem: { code: 'CHAIN_CHANGED' } });
  expect(await store.journal.list({ limit: 1 })).toEqual([]);
  const after = await planner.preview(ref, intent);
  expect(after.steps.map(({ kind }) => kind)).toEqual(['pull']);
});
