import { join } from 'node:path';
import { expect, test } from 'vitest';
import { capabilities } from '../../../lab/capabilities.ts';
import { killDaemon, startDaemon } from '../../../lab/faults.ts';
import { MiB } from '../../../lab/image.ts';
import { until } from '../../../lab/process.ts';
import { virsh } from '../../../lab/virsh.ts';
import { snapshotRecords } from '../../../model/doctor/snapshot-records.ts';
import { recordStates } from '../../../model/fleet/record-state.ts';
import type { Intent } from '../../../model/kinds/kinds.ts';
import { nextLife } from '../../support/doomed.ts';
import { POINTS_OF_ONE_STEP } from '../../support/fault-point.ts';
import { fill, TINY, tiny } from '../../support/free-space.ts';
import { interruptedAt } from '../../support/interrupted.ts';
import { killPoints } from '../../support/kill-points.ts';
import { recorded, revertByVirsh } from '../../support/reverting.ts';
import { alpha, beta, contentOf, dashboard, guestFor, lab } from '../../support/rig.ts';

const { revertsExternalSnapshots: able } = await capabilities();

const without = (name: string): Intent => ({ kind: 'delete-snapshot', name });

test('the deletion of a snapshot is started only where libvirt can', async () => {
  const layers = [{ file: 'undeleted-0.qcow2' }, { file: 'undeleted-1.qcow2', snapshot: 's1' }];
  const guest = await guestFor({ name: 'undeleted', disks: [{ layers, size: MiB }] });
  const { run, reached, guest: known } = await dashboard();
  const started = run(guest, without('s1'));
  if (!able) {
    await expect(started).rejects.toMatchObject({ problem: { code: 'DELETE_SNAPSHOT_UNSUPPORTED' } });
    return;
  }
  expect(await reached((await started).id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  expect(known(guest).records).toEqual([]);
});

test.each(able ? killPoints(POINTS_OF_ONE_STEP, 0) : [])(
  'the deletion of a snapshot, whose dashboard is killed %s: is ended correctly by the next one',
  async (point) => {
    const { guest, contents, read } = await recorded(`deleting-${point.replaceAll(' ', '-')}`, 'alpha');
    const life = await nextLife(guest, { intent: without('s1'), bandwidth: 0, point });
    expect(await life.reached(life.id, 'succeeded', 'failed')).toMatchObject({
      state: 'succeeded',
      problem: null,
    });
    expect((await virsh(alpha, 'domstate', guest.uuid)).trim()).toBe('running');
    expect(await read()).toEqual(contents.get('now'));
    expect(Object.fromEntries(recordStates(life.guest(guest)))).toEqual({ s2: 'good' });
    await revertByVirsh(alpha, guest, 's2');
    expect((await read())[0]).toBe(contents.get('s2')?.[0]);
    expect(life.broken).toEqual([]);
  },
);

// Elsewhere no deletion is begun.
if (able) {
  test('the deletion of a snapshot outlives libvirtd, killed before its answer is read', async () => {
    const { guest, contents, read } = await recorded('deleting-daemon');
    const parts = await interruptedAt([['before step-running 0', () => killDaemon(lab, beta)]], [beta.uri]);
    const { id } = await parts.run(guest, without('s1'));
    await until('the loss', async () => parts.fleet.hosts().some(({ state }) => state === 'lost'));
    await startDaemon(lab, beta);
    expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({
      state: 'succeeded',
      problem: null,
    });
    expect(await read()).toEqual(contents.get('now'));
    expect(Object.fromEntries(recordStates(parts.guest(guest)))).toEqual({ s2: 'good' });
    expect(parts.broken).toEqual([]);
  });

  test('a deletion that stops in the middle is found, changes nothing that is read, and is completed', async () => {
    const name = 'deleting-full';
    const layers = [
      { file: `${name}-0.qcow2`, writes: [{ pattern: 1, offset: 0, length: MiB }] },
      {
        file: join(tiny, `${name}-1.qcow2`),
        snapshot: 's1',
        writes: [{ pattern: 2, offset: MiB, length: MiB }],
      },
      { file: `${name}-2.qcow2`, snapshot: 's2', writes: [{ pattern: 3, offset: 0, length: 12 * MiB }] },
    ];
    const guest = await guestFor({ name, disks: [{ layers, size: 16 * MiB }] });
    const before = await contentOf(guest);
    let makeSpace = async () => {};
    const parts = await interruptedAt(
      [
        [
          'after step-intended 0',
          async () => {
            makeSpace = await fill({ ...TINY, left: 4 * MiB });
          },
        ],
      ],
      [alpha.uri],
    );
    const { id } = await parts.run(guest, without('s2'));
    const { problem } = await parts.reached(id, 'succeeded', 'failed');
    expect(problem).toMatchObject({ code: 'DELETE_SNAPSHOT_REFUSED' });
    await parts.ports.freshGuests.guest(parts.diskOf(guest));
    const found = parts.guest(guest);
    expect(Object.fromEntries(recordStates(found))).toEqual({ s1: 'good', s2: 'merged' });
    expect(snapshotRecords(found)).toContainEqual(
      expect.objectContaining({ code: 'DELETION_UNFINISHED', params: { name: 's2' } }),
    );
    const { refusals } = await parts.preview(guest, without('s1'));
    expect(refusals).toEqual([{ code: 'DELETE_SNAPSHOT_UNFINISHED', params: { name: 's1', other: 's2' } }]);
    expect(await contentOf(guest)).toBe(before);
    await makeSpace();
    const again = await parts.run(guest, without('s2'));
    expect(await parts.reached(again.id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
    expect(Object.fromEntries(recordStates(parts.guest(guest)))).toEqual({ s1: 'good' });
    expect(snapshotRecords(parts.guest(guest)).map(({ code }) => code)).toEqual(['RECORDS_REVERTIBLE']);
    expect(await contentOf(guest)).toBe(before);
    expect(parts.broken).toEqual([]);
  });
}
