import { chmod } from 'node:fs/promises';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { capabilities } from '../../../lab/capabilities.ts';
import { MiB } from '../../../lab/image.ts';
import { until } from '../../../lab/process.ts';
import { run } from '../../../lab/run.ts';
import { virsh } from '../../../lab/virsh.ts';
import { keys } from '../../../model/fleet/chain.ts';
import { recordStates } from '../../../model/fleet/record-state.ts';
import { commandsOf } from '../../../model/kinds/commands.ts';
import type { Intent } from '../../../model/kinds/kinds.ts';
import { recorded } from '../../support/reverting.ts';
import { beta, dashboard, guestFor } from '../../support/rig.ts';

const { revertsExternalSnapshots: able } = await capabilities();

/** Milliseconds, as long as a snapshot surely takes: what was written later was not part of it. */
const SURELY_TAKEN = 11_000;

const without = (name: string): Intent => ({ kind: 'delete-snapshot', name });

async function rigOf(name: string) {
  const rig = await recorded(name);
  const parts = await dashboard(beta);
  const { guest, files } = rig;
  const fresh = () => parts.ports.freshGuests.guest(parts.diskOf(guest));

  async function done(intent: Intent) {
    await fresh();
    const { id } = await parts.run(guest, intent);
    expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({
      state: 'succeeded',
      problem: null,
    });
    expect(parts.broken).toEqual([]);
  }

  /** Deletes it, and compares the files that go with those that the plan names. */
  async function deleted(snapshot: string) {
    const before = await files();
    const { steps, refusals } = await parts.preview(guest, without(snapshot));
    expect(refusals).toEqual([]);
    await done(without(snapshot));
    const after = await files();
    const said = steps.flatMap((step) => (step.kind === 'delete-snapshot' ? step.deleted : []));
    const gone = before.filter((file) => !after.includes(file));
    expect(gone).toEqual(said.map((path) => basename(path)).toSorted());
    return gone;
  }

  const codes = async (snapshot: string) => {
    await fresh();
    return (await parts.preview(guest, without(snapshot))).refusals.map(({ code }) => code);
  };
  return {
    ...{ ...rig, parts, done, deleted, codes },
    states: () => Object.fromEntries(recordStates(parts.guest(guest))),
  };
}

test('a deletion of a snapshot is refused where libvirt reverts to none, and names what to do instead', async () => {
  const layers = [{ file: 'deleting-0.qcow2' }, { file: 'deleting-1.qcow2', snapshot: 's1' }];
  const guest = await guestFor({ host: 'beta', name: 'deleting', disks: [{ layers, size: MiB }] });
  const plan = await (await dashboard(beta)).preview(guest, without('s1'));
  expect(plan.refusals).toEqual(
    able ? [] : [{ code: 'DELETE_SNAPSHOT_UNSUPPORTED', params: { name: 's1' } }],
  );
  expect(commandsOf(plan, 0)).toHaveLength(able ? 1 : 0);
});

// Elsewhere there is nothing more to do.
if (able) {
  test.each(['running', 'shut off'])(
    'a snapshot of a %s guest merges away, and the others stay right',
    async (state) => {
      const { guest, contents, read, deleted, done, states } = await rigOf(
        `deleting-${state.replace(' ', '-')}`,
      );
      if (state === 'shut off') await virsh(beta, 'destroy', guest.uuid);
      expect(await deleted('s1')).toEqual([`${guest.name}-vda-0.s1`, `${guest.name}-vdb-0.s1`]);
      expect((await virsh(beta, 'domstate', guest.uuid)).trim()).toBe(state);
      expect(await read()).toEqual(contents.get('now'));
      expect(states()).toEqual({ s2: 'good' });
      await done({ kind: 'revert', name: 's2', keepAs: 'kept' });
      expect((await read())[0]).toBe(contents.get('s2')?.[0]);
      await done({ kind: 'revert', name: 'kept', keepAs: null });
      expect(await read()).toEqual(contents.get('now'));
    },
  );

  test('regression: after a deletion the others were said to be changed, which the journal knows better', async () => {
    const { guest, parts, contents, read, deleted, done, states } = await rigOf('deleting-late');
    await virsh(
      ...([beta, 'snapshot-create-as', guest.uuid, 's3', '--disk-only'] as const),
      ...(['--diskspec', 'vda', '--diskspec', 'vdb,snapshot=no'] as const),
    );
    await parts.ports.freshGuests.guest(parts.diskOf(guest));
    await until('the snapshots to be older', async () =>
      parts.guest(guest).records.every(({ createdAt }) => Date.now() > createdAt + SURELY_TAKEN),
    );
    await deleted('s1');
    expect(states()).toEqual({ s2: 'good', s3: 'good' });
    // One that did not do it sees only that the images were written.
    const other = await dashboard(beta);
    expect(Object.fromEntries(recordStates(other.guest(guest)))).toEqual({ s2: 'written', s3: 'written' });
    await done({ kind: 'revert', name: 's3', keepAs: 'kept' });
    expect(await read()).toEqual(contents.get('now'));
    await done({ kind: 'revert', name: 's2', keepAs: null });
    expect((await read())[0]).toBe(contents.get('s2')?.[0]);
  });

  test('the current one goes like any other, by the command that the plan shows, too', async () => {
    const { guest, parts, contents, read, deleted } = await rigOf('deleting-current');
    expect(await deleted('s2')).toEqual(['deleting-current-vda-0.s2']);
    expect(await read()).toEqual(contents.get('now'));
    const commands = commandsOf(await parts.preview(guest, without('s1')), 0).flat();
    await run('sh', ['-e'], commands.filter((line) => typeof line === 'string').join('\n'));
    await parts.ports.freshGuests.guest(parts.diskOf(guest));
    expect(parts.guest(guest).records).toEqual([]);
    expect(await read()).toEqual(contents.get('now'));
  });

  test('the end of a branch is dropped with its images, and the others still give what they froze', async () => {
    const { guest, contents, read, deleted, done, codes, states } = await rigOf('deleting-branch');
    await done({ kind: 'revert', name: 's1', keepAs: null });
    expect(await codes('s1')).toEqual(['DELETE_SNAPSHOT_BRANCHED']);
    // Then s1 would be the current one, and it names the branch's images.
    await virsh(beta, 'snapshot-create-as', guest.uuid, 's3', '--disk-only');
    expect(await codes('s3')).toEqual(['DELETE_SNAPSHOT_LEAVES_WRONG']);
    expect(await deleted('s2')).toEqual(['deleting-branch-vda-0.s1']);
    expect(states()).toEqual({ s1: 'good', s3: 'good' });
    await done({ kind: 'revert', name: 's1', keepAs: null });
    expect(await read()).toEqual(contents.get('s1'));
  });

  test('an image at the end of a branch stays while something else is backed by it', async () => {
    const { guest, parts, done, codes } = await rigOf('deleting-needed');
    await done({ kind: 'revert', name: 's1', keepAs: 'kept' });
    expect(await codes('s2')).toEqual(['DELETE_SNAPSHOT_BELOW']);
    // libvirt would delete the image of vdb that s2, which left vdb out, goes back to.
    expect(await codes('kept')).toEqual(['DELETE_SNAPSHOT_NEEDED']);
    await done({ kind: 'forget', names: ['kept'] });
    // What was the present is backed by it still, though no snapshot needs that any more.
    expect(await codes('s2')).toEqual(['DELETE_SNAPSHOT_LEFTOVER']);
    await done({ kind: 'forget', names: ['s2'] });
    const left = ['s2', 's1'].map((name) => `${beta.images}/${guest.name}-vda-0.${name}`);
    const { id } = await parts.remove(left);
    expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  });

  test.each(['vda', 'vdb'])(
    'a deletion that QEMU is denied on %s says why, changes nothing, and succeeds when it may',
    async (target) => {
      const { guest, parts, contents, read, deleted, states } = await rigOf(`deleting-denied-${target}`);
      const chains = () => parts.guest(guest).disks.map(({ chain }) => chain && keys(chain));
      const before = chains();
      const base = `${beta.images}/${guest.name}-${target}-0.qcow2`;
      // QEMU runs as the owner here.
      await chmod(base, 0o464);
      const { id } = await parts.run(guest, without('s1'));
      const reason = expect.stringContaining(`Could not open '${base}': Permission denied`);
      expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({
        state: 'failed',
        problem: { code: 'COMMIT_DENIED', params: { reason, by: 'none' } },
      });
      expect(chains()).toEqual(before);
      expect(states()).toEqual({ s1: 'good', s2: 'good' });
      expect(await read()).toEqual(contents.get('now'));
      await chmod(base, 0o644);
      await deleted('s1');
      expect(await read()).toEqual(contents.get('now'));
      expect(states()).toEqual({ s2: 'good' });
    },
  );

  test('what others pulled is not libvirt’s any more', async () => {
    const { guest, codes } = await rigOf('deleting-pulled');
    await virsh(beta, 'blockpull', guest.uuid, 'vda', '--wait');
    expect(await codes('s1')).toEqual(['DELETE_SNAPSHOT_CHANGED']);
    expect(await codes('s2')).toEqual(['DELETE_SNAPSHOT_CHANGED']);
  });
}
