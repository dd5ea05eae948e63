import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { MiB } from '../../../lab/image.ts';
import { until } from '../../../lab/process.ts';
import { virsh } from '../../../lab/virsh.ts';
import { branchesOf } from '../../../model/fleet/branch.ts';
import { keys } from '../../../model/fleet/chain.ts';
import { type RecordState, recordStates } from '../../../model/fleet/record-state.ts';
import type { Intent } from '../../../model/kinds/kinds.ts';
import { flattenTo } from '../../../model/testing.ts';
import { found, isThere } from '../../support/leftovers.ts';
import { monitorOf } from '../../support/monitor.ts';
import { beta, contentOf, dashboard, guestFor } from '../../support/rig.ts';

/** Milliseconds, as long as a snapshot surely takes: what was written later was not part of it. */
const SURELY_TAKEN = 11_000;

/**
 * A running guest with base <- s1 <- s2 on vda, each snapshot taken before another write, and vdb, which they left out. Whether
 * its libvirt reverts to such snapshots is what the dashboard says; libvirt itself confirms it at each revert.
 */
async function rigOf(name: string) {
  onTestFinished(async () => {
    const made = (await readdir(beta.images)).filter((file) => file.startsWith(`${name}-`));
    await Promise.all(made.map((file) => rm(join(beta.images, file), { force: true })));
  });
  const guest = await guestFor({
    host: 'beta',
    name,
    disks: ['vda', 'vdb'].map((target) => ({ target, layers: 1, size: 16 * MiB })),
  });
  const parts = await dashboard(beta);
  const { uuid } = guest;
  const known = () => parts.guest(guest);
  const reverts = known().reverts !== null;
  const contents = new Map<string, string>();

  async function done(intent: Intent) {
    const { id } = await parts.run(guest, intent);
    expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({
      state: 'succeeded',
      problem: null,
    });
  }

  async function take(snapshot: string) {
    contents.set(snapshot, await contentOf(guest));
    const disks = [{ target: 'vda', file: join(beta.images, `${name}-vda.${snapshot}`) }];
    await done({ kind: 'snapshot', name: snapshot, description: '', quiesce: false, disks });
  }

  /** QEMU itself writes, as the guest's device would. */
  async function write(pattern: number) {
    const monitor = await monitorOf(guest);
    const backend = '/machine/peripheral/virtio-disk0/virtio-backend';
    expect(await monitor(`qemu-io -d ${backend} "write -P ${pattern} 0 1M"`)).not.toMatch(/error|failed/i);
  }

  let last = 0;
  const seconds = () => Math.floor(Date.now() / 1000);

  /** Has libvirt revert, and answers what the guest then reads; `null` where it can't. */
  async function revert(snapshot: string): Promise<string | null> {
    if (!reverts) {
      await expect(virsh(beta, 'snapshot-revert', uuid, snapshot)).rejects.toThrow(/not supported yet/);
      return null;
    }
    // The new overlay is named after the second.
    await until('the next second', async () => seconds() > last);
    await virsh(beta, 'snapshot-revert', uuid, snapshot);
    last = seconds();
    await parts.ports.freshGuests.guest(parts.diskOf(guest));
    return contentOf(guest);
  }

  const states = () => Object.fromEntries(recordStates(known()));

  /** The branches of vda, each from its topmost image down to the one that it rests on. */
  const branches = () => branchesOf(known(), 'vda').map(({ images, on }) => [...keys({ images }), on]);

  /** Reverts to a snapshot, and compares what the guest reads with what was said of the snapshot before. */
  async function compared(snapshot: string): Promise<RecordState | undefined> {
    const state = states()[snapshot];
    const content = await revert(snapshot);
    if (content !== null && (state === 'good' || state === 'branch' || state === 'detached')) {
      expect([snapshot, state, content]).toEqual([snapshot, state, contents.get(snapshot)]);
    }
    return state;
  }

  await write(101);
  await take('s1');
  await write(102);
  await take('s2');
  await write(103);
  const [base = ''] = guest.disks[0]?.images ?? [];
  const [s1, s2] = ['s1', 's2'].map((snapshot) => join(beta.images, `${name}-vda.${snapshot}`));
  return {
    ...{ guest, parts, reverts, known, contents, done, take, write, revert, states, compared },
    ...{ base, s1: s1 ?? '', s2: s2 ?? '', branches, images: () => parts.chain(guest) },
    codes: async (intent: Intent) => (await parts.preview(guest, intent)).refusals.map(({ code }) => code),
  };
}

test('each snapshot of a chain gives what it froze; one that is not in the line any more is a branch', async () => {
  const { reverts, states, compared, images, branches, base, s1, s2 } = await rigOf('revert-line');
  expect(images()).toEqual([s2, s1, base]);
  expect(branches()).toEqual([]);
  expect(states()).toEqual({ s1: 'good', s2: 'good' });
  await compared('s1');
  expect(states()).toEqual(reverts ? { s1: 'good', s2: 'branch' } : { s1: 'good', s2: 'good' });
  expect(branches()).toEqual(reverts ? [[s1, base]] : []);
  expect(images().at(-1)).toBe(base);
  expect(images()).toHaveLength(reverts ? 2 : 3);
  await compared('s2');
  expect(states()).toEqual({ s1: 'good', s2: 'good' });
  expect(branches()).toEqual([]);
  await compared('s2');
  await compared('s1');
});

test('regression: after a flatten by default valid restore points were forgotten, and their images offered', async () => {
  const { guest, parts, reverts, states, compared, done, known, branches, base, s1 } =
    await rigOf('revert-flat');
  const intent = flattenTo(null, { forgetAfter: true });
  const { warnings, steps } = await parts.preview(guest, intent);
  const kept = { code: 'RECORDS_NEED_IMAGES', params: { names: 's1, s2', count: 2 } };
  expect(warnings.filter(({ code }) => code === kept.code)).toEqual(reverts ? [kept] : []);
  expect(steps.map(({ kind }) => kind)).toEqual(reverts ? ['pull'] : ['pull', 'forget']);
  await done(intent);
  expect(known().records).toHaveLength(reverts ? 2 : 0);
  expect(states()).toEqual(reverts ? { s1: 'detached', s2: 'detached' } : {});
  expect(branches()).toEqual(reverts ? [[s1, base, null]] : []);
  const report = await found(parts);
  expect(report.blocked).toEqual([]);
  const free = report.leftovers.map(({ path }) => path);
  expect([base, s1].map((image) => free.includes(image))).toEqual(reverts ? [false, false] : [true, true]);
  for (const { name } of known().records) await compared(name);
});

test('a branch is in use: no commit into what it is backed by, no leftover, and its snapshot comes back', async () => {
  const { guest, parts, reverts, revert, states, compared, codes, write, base, s1 } =
    await rigOf('revert-branch');
  await revert('s1');
  if (reverts) await virsh(beta, 'start', guest.uuid);
  await write(104);
  await parts.ports.freshGuests.guest(parts.diskOf(guest));
  const [top = ''] = parts.chain(guest);
  const merge = { kind: 'merge-down', target: 'vda', top, base, forgetAfter: true } as const;
  const { refusals } = await parts.preview(guest, merge);
  expect(refusals).toEqual(
    reverts
      ? [
          expect.objectContaining({
            code: 'RECORD_WRITTEN',
            params: expect.objectContaining({ image: top }),
          }),
          {
            code: 'RECORD_WRITTEN',
            params: { image: base, records: `${guest.name}: s1, ${guest.name}: s2` },
          },
          expect.objectContaining({ code: 'BACKING_WRITTEN' }),
        ]
      : [],
  );
  const { blocked, leftovers } = await found(parts);
  expect(blocked).toEqual([]);
  expect(leftovers.map(({ path }) => path)).not.toContain(s1);
  expect(await codes({ kind: 'forget', names: ['s1'] })).toEqual(reverts ? ['FORGET_CURRENT'] : []);
  expect(await codes({ kind: 'forget', names: ['s2'] })).toEqual([]);
  expect(states().s2).toBe(reverts ? 'branch' : 'good');
  await compared('s2');
  await compared('s1');
});

test('a commit by others is seen: what was said to be changed is, and what was not is not', async () => {
  const { guest, parts, reverts, revert, states, contents, known, images, base, s1, s2 } =
    await rigOf('revert-commit');
  await until('the snapshots to be older', async () =>
    known().records.every(({ createdAt }) => Date.now() > createdAt + SURELY_TAKEN),
  );
  await virsh(beta, 'blockcommit', guest.uuid, 'vda', '--base', base, '--top', s1, '--wait');
  await parts.ports.freshGuests.guest(parts.diskOf(guest));
  expect(images()).toEqual([s2, base]);
  // What s2 froze is backed by the image that was written, and is the same all the same, which nobody can know.
  expect(states()).toEqual(reverts ? { s1: 'merged', s2: 'written' } : { s1: 'stale', s2: 'stale' });
  const second = await revert('s2');
  const first = await revert('s1');
  if (reverts) expect(second).toBe(contents.get('s2'));
  if (reverts) expect(first).not.toBe(contents.get('s1'));
});

test('regression: a deletion by virsh was taken for a commit; what it was is unknown, so a revert is refused', async () => {
  const { guest, parts, reverts, revert, states, contents, known, images, codes, base, s2 } =
    await rigOf('revert-deleted');
  await until('the snapshots to be older', async () =>
    known().records.every(({ createdAt }) => Date.now() > createdAt + SURELY_TAKEN),
  );
  await virsh(beta, 'snapshot-delete', guest.uuid, 's1');
  await parts.ports.freshGuests.guest(parts.diskOf(guest));
  expect(images()).toEqual([s2, base]);
  expect(states()).toEqual({ s2: reverts ? 'written' : 'good' });
  const intent = { kind: 'revert', name: 's2', keepAs: 'kept' } as const;
  expect(await codes(intent)).toEqual([reverts ? 'REVERT_WRITTEN' : 'REVERT_UNSUPPORTED']);
  const content = await revert('s2');
  if (reverts) expect(content).toBe(contents.get('s2'));
});

test('after a move a revert brings the old file back; with a new snapshot it deletes no other', async () => {
  const { guest, parts, reverts, states, compared, done, take, known, images } = await rigOf('revert-move');
  const file = join(beta.images, `${guest.name}-moved.qcow2`);
  const intent = { kind: 'move', target: 'vda', file, strategy: 'copy' } as const;
  const { warnings } = await parts.preview(guest, intent);
  expect(warnings.map(({ code }) => code).filter((code) => /RECORD_STALE|MOVE_REVERTED/.test(code))).toEqual(
    reverts ? ['MOVE_REVERTED'] : ['RECORD_STALE', 'RECORD_STALE'],
  );
  await done(intent);
  expect(images()).toEqual([file]);
  expect(states()).toEqual(reverts ? { s1: 'detached', s2: 'misset' } : { s1: 'stale', s2: 'stale' });
  const left = await parts.preview(guest, { ...intent, target: 'vdb', file: `${file}.b` });
  expect(left.warnings.map(({ code }) => code).includes('MOVE_REVERTED')).toBe(reverts);
  await take('s3');
  expect(states()).toEqual(
    reverts ? { s1: 'detached', s2: 'detached', s3: 'good' } : { s1: 'stale', s2: 'stale', s3: 'good' },
  );
  for (const { name } of known().records) await compared(name);
  await compared('s3');
  expect(await isThere(file)).toBe(true);
});

test('a snapshot whose image is missing is useless, a revert to it fails, and it may go from a branch', async () => {
  const { guest, parts, reverts, revert, states, codes, known, s1 } = await rigOf('revert-lost');
  await revert('s1');
  if (reverts) await rm(s1);
  await parts.ports.freshGuests.guest(parts.diskOf(guest));
  expect(states()).toEqual(reverts ? { s1: 'good', s2: 'useless' } : { s1: 'good', s2: 'good' });
  await expect(virsh(beta, 'snapshot-revert', guest.uuid, 's2')).rejects.toThrow();
  const intent = { kind: 'forget', names: ['s2'] } as const;
  expect(await codes(intent)).toEqual([]);
  const { warnings } = await parts.preview(guest, intent);
  expect(warnings.map(({ code }) => code)).toEqual(reverts ? [] : ['RECORD_IN_USE']);
  expect(known().records).toHaveLength(2);
});

test('all snapshots may be forgotten; what is left after an interruption still reverts to what it froze', async () => {
  const { guest, parts, reverts, states, compared, done, known, codes } = await rigOf('revert-forget');
  expect(await codes({ kind: 'forget', names: ['s2'] })).toEqual(reverts ? ['FORGET_CURRENT'] : []);
  const all = { kind: 'forget', names: ['s2', 's1'] } as const;
  const { steps } = await parts.preview(guest, all);
  expect(steps).toMatchObject([{ names: reverts ? ['s1', 's2'] : ['s2', 's1'] }]);
  // As far as an interrupted one came: the beginning of the line.
  await virsh(beta, 'snapshot-delete', guest.uuid, 's1', '--metadata');
  await parts.ports.freshGuests.guest(parts.diskOf(guest));
  expect(states()).toEqual({ s2: 'good' });
  await compared('s2');
  await done({ kind: 'forget', names: ['s2'] });
  expect(known().records).toEqual([]);
});

test('once a branch is forgotten, the others still revert to what they froze', async () => {
  const { reverts, revert, states, compared, done, known } = await rigOf('revert-cut');
  await revert('s1');
  expect(states().s2).toBe(reverts ? 'branch' : 'good');
  await done({ kind: 'forget', names: ['s2'] });
  expect(known().records.map(({ name }) => name)).toEqual(['s1']);
  expect(states()).toEqual({ s1: 'good' });
  await compared('s1');
});

test('without a current snapshot a revert would end libvirt, which a new snapshot prevents', async () => {
  const { guest, parts, reverts, revert, states, compared, take } = await rigOf('revert-none');
  await revert('s1');
  // A current one without a parent, which we would refuse to forget.
  await virsh(beta, 'snapshot-delete', guest.uuid, 's1', '--metadata');
  await parts.ports.freshGuests.guest(parts.diskOf(guest));
  expect(states()).toEqual({ s2: reverts ? 'misset' : 'good' });
  await take('s3');
  expect(states()).toEqual({ s2: reverts ? 'branch' : 'good', s3: 'good' });
  await compared('s2');
  await compared('s3');
});
