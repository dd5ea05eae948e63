import { expect, test } from 'vitest';
import { capabilities } from '../../../lab/capabilities.ts';
import { killDaemon, startDaemon } from '../../../lab/faults.ts';
import { MiB } from '../../../lab/image.ts';
import { until } from '../../../lab/process.ts';
import { virsh } from '../../../lab/virsh.ts';
import type { RevertIntent } from '../../../model/plans/revert/revert.ts';
import { nextLife } from '../../support/doomed.ts';
import type { FaultPoint } from '../../support/fault-point.ts';
import { interruptedAt } from '../../support/interrupted.ts';
import { recorded, revertByVirsh, UNSUPPORTED } from '../../support/reverting.ts';
import { alpha, beta, dashboard, guestFor, imagesOf, lab } from '../../support/rig.ts';

const intent: RevertIntent = { kind: 'revert', name: 's1', keepAs: 'kept' };

const POINTS: readonly FaultPoint[] = [0, 1, 2].flatMap((step): FaultPoint[] => [
  `before step-intended ${step}`,
  `after step-intended ${step}`,
  `before step-running ${step}`,
  `after step-running ${step}`,
  `before step-done ${step}`,
  `after step-done ${step}`,
]);

const { revertsExternalSnapshots: able } = await capabilities();

test('a revert of a guest that is off is started only where libvirt can', async () => {
  const layers = [{ file: 'revert-off-0.qcow2' }, { file: 'revert-off-1.qcow2', snapshot: 's1' }];
  const guest = await guestFor({ name: 'revert-off', disks: [{ layers, size: MiB }] });
  await virsh(alpha, 'destroy', guest.uuid);
  const { run, reached, chain } = await dashboard();
  const started = run(guest, intent);
  if (!able) {
    await expect(started).rejects.toMatchObject({ problem: UNSUPPORTED[0] });
    return;
  }
  expect(await reached((await started).id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  guest.files.push(chain(guest)[0] ?? '');
  expect(chain(guest).slice(1)).toEqual(imagesOf(guest).slice(1));
});

test.each(able ? POINTS : [])(
  'a revert, whose dashboard is killed %s: is ended correctly by the next one',
  async (point) => {
    const { guest, contents, read } = await recorded(`revert-${point.replaceAll(' ', '-')}`, 'alpha');
    const { id, reached, broken, chain } = await nextLife(guest, { intent, bandwidth: 0, point });
    expect(await reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded', problem: null });
    expect((await virsh(alpha, 'domstate', guest.uuid)).trim()).toBe('shut off');
    expect(chain(guest)).toHaveLength(2);
    expect(await read()).toEqual(contents.get('s1'));
    // The present is kept.
    await revertByVirsh(alpha, guest, 'kept');
    expect(await read()).toEqual(contents.get('now'));
    expect(broken).toEqual([]);
  },
);

// Elsewhere no revert is begun.
if (able) {
  test('a revert outlives libvirtd, killed before its answer is read', async () => {
    const { guest, contents, read } = await recorded('revert-daemon');
    const parts = await interruptedAt([['before step-running 2', () => killDaemon(lab, beta)]], [beta.uri]);
    const { id } = await parts.run(guest, intent);
    await until('the loss', async () => parts.fleet.hosts().some(({ state }) => state === 'lost'));
    await startDaemon(lab, beta);
    expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({
      state: 'succeeded',
      problem: null,
    });
    expect(await read()).toEqual(contents.get('s1'));
    expect(parts.broken).toEqual([]);
  });

  test('a guest that somebody starts after it was stopped is left running, with its present', async () => {
    const { guest, contents, read } = await recorded('revert-restarted');
    const started = async () => void (await virsh(beta, 'start', guest.uuid));
    const parts = await interruptedAt([['after step-done 1', started]], [beta.uri]);
    const { id } = await parts.run(guest, intent);
    const { problem } = await parts.reached(id, 'succeeded', 'failed');
    expect(problem).toEqual({ code: 'STARTED_AGAIN', params: { guest: guest.name } });
    expect((await virsh(beta, 'domstate', guest.uuid)).trim()).toBe('running');
    expect(await read()).toEqual(contents.get('now'));
    expect(parts.broken).toEqual([]);
  });
}
