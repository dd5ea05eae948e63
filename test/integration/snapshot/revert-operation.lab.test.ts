import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { capabilities } from '../../../lab/capabilities.ts';
import { MiB } from '../../../lab/image.ts';
import { until } from '../../../lab/process.ts';
import { run } from '../../../lab/run.ts';
import { virsh } from '../../../lab/virsh.ts';
import { verifyWriter, waitForWrites } from '../../../lab/writer.ts';
import { recordStates } from '../../../model/fleet/record-state.ts';
import { commandsOf } from '../../../model/kinds/commands.ts';
import type { RevertIntent } from '../../../model/plans/revert/revert.ts';
import { type Recorded, recorded, UNSUPPORTED } from '../../support/reverting.ts';
import { alpha, beta, dashboard, guestFor, lab, writer } from '../../support/rig.ts';

const { revertsExternalSnapshots: able } = await capabilities();

const to = (name: string, keepAs: string | null): RevertIntent => ({ kind: 'revert', name, keepAs });

/** Such a guest, and a dashboard. */
async function rigOf(name: string) {
  const rig = await recorded(name);
  const parts = await dashboard(beta);
  const { guest } = rig;
  let last = 0;
  const seconds = () => Math.floor(Date.now() / 1000);
  const done = async (intent: RevertIntent) => {
    // New overlays are named after the second.
    await until('the next second', async () => seconds() > last);
    const { id } = await parts.run(guest, intent);
    expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({
      state: 'succeeded',
      problem: null,
    });
    last = seconds();
    expect((await virsh(beta, 'domstate', guest.uuid)).trim()).toBe('shut off');
    expect((await virsh(beta, 'snapshot-current', guest.uuid, '--name')).trim()).toBe(intent.name);
    expect(parts.broken).toEqual([]);
  };
  const codes = async (intent: RevertIntent) =>
    (await parts.preview(guest, intent)).refusals.map(({ code }) => code);
  return { ...rig, parts, done, codes, states: () => Object.fromEntries(recordStates(parts.guest(guest))) };
}

/** What was made and what was deleted while something was done. */
async function changes({ files }: Recorded, work: () => Promise<void>) {
  const before = await files();
  await work();
  const after = await files();
  return {
    made: after.filter((file) => !before.includes(file)),
    deleted: before.filter((file) => !after.includes(file)),
  };
}

test('a revert is refused where libvirt can’t, and that is all there is to say', async () => {
  const layers = [{ file: 'reverting-0.qcow2' }, { file: 'reverting-1.qcow2', snapshot: 's1' }];
  const guest = await guestFor({ host: 'beta', name: 'reverting', disks: [{ layers, size: MiB }] });
  const parts = await dashboard(beta);
  const plan = await parts.preview(guest, to('s1', 'kept'));
  expect(plan.refusals).toEqual(able ? [] : UNSUPPORTED);
  expect(commandsOf(plan, 0)).toHaveLength(able ? 3 : 0);
  const late = await parts.preview(guest, to('other', 'kept'));
  expect(late.refusals.map(({ code }) => code)).toEqual([able ? 'RECORD_UNKNOWN' : 'REVERT_UNSUPPORTED']);
});

// Elsewhere there is nothing more to do.
if (able) {
  test('a revert gives what each disk held, keeps the present, and comes back to it byte for byte', async () => {
    const rig = await rigOf('reverting-kept');
    const { guest, parts, contents, read, done, states } = rig;
    const before = await parts.preview(guest, to('s1', 'kept'));
    expect(before.steps.map(({ kind }) => kind)).toEqual(['stop', 'snapshot', 'revert']);
    // The definition goes back, too.
    const memory = async () => /<memory[^<]*/.exec(await virsh(beta, 'dumpxml', guest.uuid))?.[0];
    const first = await memory();
    await virsh(beta, 'setmaxmem', guest.uuid, '96M', '--config');
    const { made, deleted } = await changes(rig, () => done(to('s1', 'kept')));
    // The overlays that the snapshot of the present was taken with came and went.
    expect(deleted).toEqual([]);
    expect(made).toEqual([
      expect.stringMatching(/^reverting-kept-vda-0\.\d+$/),
      expect.stringMatching(/^reverting-kept-vdb-0\.\d+$/),
    ]);
    expect(await read()).toEqual(contents.get('s1'));
    expect(await memory()).toBe(first);
    expect(states()).toEqual({ s1: 'good', s2: 'branch', kept: 'branch' });

    const { refusals, warnings, steps } = await parts.preview(guest, to('kept', null));
    expect(refusals).toEqual([]);
    expect(warnings.map(({ code }) => code)).toContain('REVERT_DELETES');
    const [{ deleted: said } = { deleted: [] }] = steps.filter((step) => step.kind === 'revert');
    const back = await changes(rig, () => done(to('kept', null)));
    expect(back.deleted).toEqual(made);
    expect(said.map((path) => basename(path)).toSorted()).toEqual(made);
    expect(await read()).toEqual(contents.get('now'));
    expect(await memory()).toContain('98304');

    // A guest that is off, and what a snapshot left out.
    await done(to('s2', 'again'));
    const [vda] = contents.get('s2') ?? [];
    const [, vdb] = contents.get('now') ?? [];
    expect(await read()).toEqual([vda, vdb]);
    await done(to('again', null));
    expect(await read()).toEqual(contents.get('now'));
  });

  test('what a revert deletes is what its plan says, and nothing else is touched', async () => {
    const rig = await rigOf('reverting-lost');
    const { guest, parts, contents, read, done, states } = rig;
    const { refusals, warnings } = await parts.preview(guest, to('s1', null));
    expect(refusals).toEqual([]);
    const lost = warnings.find(({ code }) => code === 'REVERT_DELETES');
    const { deleted } = await changes(rig, () => done(to('s1', null)));
    expect(lost?.params).toMatchObject({ files: deleted.join(', '), count: deleted.length });
    expect(lost?.params.written).toBeGreaterThan(0);
    expect(deleted).toEqual(['reverting-lost-vda-0.s2']);
    expect(await read()).toEqual(contents.get('s1'));
    expect(states()).toEqual({ s1: 'good', s2: 'branch' });
    await done(to('s2', 'kept'));
    expect((await read())[0]).toBe(contents.get('s2')?.[0]);
  });

  test('the commands that the plan shows do the same', async () => {
    const { guest, parts, contents, read } = await rigOf('reverting-typed');
    const plan = await parts.preview(guest, to('s1', 'kept'));
    const lines = commandsOf(plan, 0).flat();
    await run('sh', ['-e'], lines.filter((line) => typeof line === 'string').join('\n'));
    await parts.ports.freshGuests.guest(parts.diskOf(guest));
    expect(await read()).toEqual(contents.get('s1'));
    for (const { target, after } of plan.disks) {
      expect(parts.chain(guest, target).slice(1)).toEqual(after.images.slice(1).map(({ key }) => key));
    }
  });

  test('what would go wrong is refused before the guest is stopped', async () => {
    const { guest, parts, contents, codes, done } = await rigOf('reverting-refused');
    const refused = async (intent: RevertIntent, ...wanted: readonly string[]) => {
      await parts.ports.freshGuests.guest(parts.diskOf(guest));
      expect(await codes(intent)).toEqual(wanted);
    };
    await refused(to('other', 'kept'), 'RECORD_UNKNOWN');
    await refused(to('s1', 's2'), 'SNAPSHOT_NAME_TAKEN');
    await virsh(beta, 'blockpull', guest.uuid, 'vdb', '--bytes', '--bandwidth', '1');
    await refused(to('s1', 'kept'), 'JOB_RUNNING');
    await virsh(beta, 'blockjob', guest.uuid, 'vdb', '--abort');
    const at = parts.diskOf(guest);
    const [, s1 = ''] = parts.chain(guest);
    await done(to('s1', 'kept'));
    await rm(s1);
    await refused(to('s2', null), 'REVERT_USELESS');
    await refused(to('kept', null), 'REVERT_USELESS');
    expect(contents.size).toBe(3);
    // A current snapshot that names another image than the active one.
    await virsh(beta, 'snapshot-delete', guest.uuid, 's1', '--metadata');
    await parts.ports.freshGuests.guest(at);
    await refused(to('s2', null), 'REVERT_MISSET');
  });

  test('an image that something else rests on is not deleted', async () => {
    const { guest, parts, codes } = await rigOf('reverting-clone');
    const [active = ''] = parts.chain(guest);
    const clone = join(beta.images, 'reverting-clone-clone.qcow2');
    await run('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b', active, '-u', clone, '16M']);
    onTestFinished(() => rm(clone, { force: true }));
    expect(await codes(to('s1', null))).toEqual(['REVERT_DELETES_BACKING']);
    expect(await codes(to('s1', 'kept'))).toEqual([]);
  });

  test('nothing that a guest was told is on the disk is lost by its stop', async () => {
    const parts = await dashboard();
    const guest = await writer('reverting-writer', 5);
    const made = join(alpha.images, 'reverting-writer.s1');
    guest.files.push(made);
    await virsh(
      alpha,
      'snapshot-create-as',
      guest.uuid,
      's1',
      '--disk-only',
      '--diskspec',
      `vda,file=${made}`,
    );
    await waitForWrites(guest, 10);
    const fresh = () => parts.ports.freshGuests.guest(parts.diskOf(guest));
    await fresh();
    const { refusals } = await parts.preview(guest, to('s1', 'kept'));
    expect(refusals).toEqual([]);
    for (const intent of [to('s1', 'kept'), to('kept', null)]) {
      const { id } = await parts.run(guest, intent);
      expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({
        state: 'succeeded',
        problem: null,
      });
      guest.files.push(...parts.chain(guest));
    }
    expect(await verifyWriter(lab, guest)).toMatchObject({ lost: [], errors: [] });
  });
}
