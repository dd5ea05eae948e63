import { expect, test } from 'vitest';
import { killQemu } from '../../../lab/faults.ts';
import { until } from '../../../lab/process.ts';
import { attempt } from '../../../lab/run.ts';
import { virsh } from '../../../lab/virsh.ts';
import { alpha, contentOf, dashboard, lab, OLD_MACHINE, pullable } from '../../support/rig.ts';

test.each([
  { what: 'a guest of this QEMU', options: {} },
  { what: 'a guest that an older QEMU may run', options: OLD_MACHINE },
])('a flatten of $what is not lost with a QEMU that is killed right after it', async ({ what, options }) => {
  const guest = await pullable(`durable-${what.replaceAll(' ', '-')}`, options);
  const { flatten, reached, fleet, store, chain } = await dashboard();
  const capabilities = fleet.hosts()[0]?.capabilities;
  const before = await contentOf(guest);
  const { id } = await flatten(guest, null);
  expect(await reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded', problem: null });
  await killQemu(lab, guest);
  await until('libvirt to notice', async () => (await virsh(alpha, 'domstate', guest.uuid)).includes('shut'));
  expect(await contentOf(guest)).toBe(before);
  expect(chain(guest)).toHaveLength(1);
  const events = (await store.journal.entries(id)).map(({ event }) => event);
  const flushes = events.flatMap((event) => (event.kind === 'step-flushing' ? [event.call] : []));
  const isDurable = options !== OLD_MACHINE && capabilities?.pullIsDurable === true;
  expect(flushes).toHaveLength(isDurable ? 0 : 1);
  for (const call of flushes) expect(call.endsWith(' --extend')).toBe(capabilities?.resizeOnlyExtends);
  expect(events.map(({ kind }) => kind)).not.toContain('step-warned');
});

test('libvirt refuses to shrink a disk where it is known to', async () => {
  const guest = await pullable('durable-guard');
  const { fleet } = await dashboard();
  const refuses = fleet.hosts()[0]?.capabilities.resizeOnlyExtends;
  const args = ['-c', alpha.uri, 'blockresize', guest.uuid, 'vda', '1MiB', '--extend'];
  const { status, stderr } = await attempt('virsh', args);
  expect(status).not.toBe(0);
  expect(stderr).toMatch(refuses ? /would shrink it/ : /--extend/);
  expect(await virsh(alpha, 'domstate', guest.uuid)).toContain('running');
});
