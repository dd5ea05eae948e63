import { rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { digest } from '../../lab/content.ts';
import { MiB } from '../../lab/image.ts';
import { type LabGuest, tinyOf } from '../../lab/lab.ts';
import { until } from '../../lab/process.ts';
import { run } from '../../lab/run.ts';
import { virsh } from '../../lab/virsh.ts';
import { verifyWriter, waitForWrites } from '../../lab/writer.ts';
import type { Intent } from '../../model/kinds/kinds.ts';
import { flattenTo } from '../../model/testing.ts';
import { defineOther, leak, nameBacking } from '../support/doctor.ts';
import { loose } from '../support/leftovers.ts';
import { contentThere, fileThere, traveller } from '../support/migrating.ts';
import { alpha, beta, contentOf, dashboard, guestFor, imagesOf, lab, writer } from '../support/rig.ts';

// Each kind of operation once, on small images, for `npm run test:quick`. What they do in every other case is tested by
// the folders beside this file.

interface Smoke {
  readonly make: (name: string) => Promise<LabGuest>;
  readonly intent: (guest: LabGuest, otherHostId: string) => Intent;
  /** Images of the chain in the end, from active to base. */
  readonly chain: (images: readonly string[], guest: LabGuest) => readonly string[];
}

const small = { layers: 3, size: 16 * MiB };
const running = (name: string) => guestFor({ name, disks: [small] });
const shutOff = (name: string) => guestFor({ name, state: 'shut off', disks: [small] });
const asBefore = (images: readonly string[]) => images;

/** Where an image is to be made that goes with the guest. */
function newFile(guest: LabGuest): string {
  const file = join(alpha.images, `${guest.name}-new.qcow2`);
  guest.files.push(file);
  return file;
}

const newFileOf = ({ name }: LabGuest) => join(alpha.images, `${name}-new.qcow2`);

// A kind of intent without a test here does not compile. `resume` needs a guest that writes, `undo` something that was done, after a
// `revert` the guest reads other data, and not every libvirt can `delete-snapshot`: they have their own below.
const SMOKE: Readonly<
  Record<Exclude<Intent['kind'], 'resume' | 'revert' | 'undo' | 'delete-snapshot'>, Smoke>
> = {
  flatten: { make: running, intent: () => flattenTo(null), chain: ([active = '']) => [active] },
  'merge-down': {
    make: running,
    intent: (guest) => {
      const [active = '', , base = ''] = imagesOf(guest);
      return { kind: 'merge-down', target: 'vda', top: active, base, forgetAfter: false };
    },
    chain: ([, , base = '']) => [base],
  },
  shorten: {
    make: running,
    intent: () => ({
      kind: 'shorten',
      target: 'vda',
      goal: { kind: 'at-most', images: 2 },
      strategy: 'cheapest',
      pinned: [],
      forgetAfter: false,
    }),
    chain: ([active = '', , base = '']) => [active, base],
  },
  snapshot: {
    make: running,
    intent: (guest) => ({
      kind: 'snapshot',
      name: 'kept',
      description: '',
      quiesce: false,
      disks: [{ target: 'vda', file: newFile(guest) }],
    }),
    chain: (images, guest) => [newFileOf(guest), ...images],
  },
  forget: {
    async make(name) {
      const layers = [{ file: `${name}-0.qcow2` }, { file: `${name}-1.qcow2`, snapshot: 'sn1' }];
      return guestFor({ name, disks: [{ layers, size: 16 * MiB }] });
    },
    intent: () => ({ kind: 'forget', names: ['sn1'] }),
    chain: asBefore,
  },
  move: {
    make: running,
    intent: (guest) => ({ kind: 'move', target: 'vda', file: newFile(guest), strategy: 'copy' }),
    chain: (_, guest) => [newFileOf(guest)],
  },
  migrate: {
    make: (name) => traveller({ name, disks: [small] }),
    intent: (_, to) => ({ kind: 'migrate', to, disks: [], pull: true, forgetFirst: true }),
    chain: (_, guest) => [fileThere(guest)],
  },
  'end-job': {
    async make(name) {
      const guest = await running(name);
      await virsh(alpha, 'blockpull', guest.uuid, 'vda', '--bytes', '--bandwidth', '1');
      return guest;
    },
    intent: () => ({ kind: 'end-job', target: 'vda', how: 'abort' }),
    chain: asBefore,
  },
  redefine: {
    async make(name) {
      const guest = await running(name);
      const [active = '', middle = ''] = imagesOf(guest);
      await defineOther(guest, active, middle);
      return guest;
    },
    intent: () => ({ kind: 'redefine', target: 'vda' }),
    chain: asBefore,
  },
  'rewrite-header': {
    async make(name) {
      const guest = await shutOff(name);
      const [, middle = '', base = ''] = imagesOf(guest);
      await nameBacking(middle, base.slice(base.lastIndexOf('/') + 1), 'qcow2');
      return guest;
    },
    intent: (guest) => {
      const [, image = '', backing = ''] = imagesOf(guest);
      return {
        kind: 'rewrite-header',
        target: 'vda',
        image,
        backing,
        format: 'qcow2',
        contentMayChange: false,
      };
    },
    chain: asBefore,
  },
  'repair-leaks': {
    async make(name) {
      const guest = await shutOff(name);
      await leak(imagesOf(guest)[1] ?? '');
      return guest;
    },
    intent: (guest) => ({ kind: 'repair-leaks', target: 'vda', image: imagesOf(guest)[1] ?? '' }),
    chain: asBefore,
  },
};

test.each(Object.entries(SMOKE))('%s succeeds, and the guest reads the same', async (kind, one) => {
  const guest = await one.make(`smoke-${kind}`);
  const before = await contentOf(guest);
  const parts = await dashboard(alpha, beta);
  const [otherHostId = ''] = parts.otherHostIds;
  const { id } = await parts.run(guest, one.intent(guest, otherHostId));
  expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded', problem: null });
  const hostId = kind === 'migrate' ? otherHostId : parts.hostId;
  const [disk] = parts.fleet.guest({ hostId, uuid: guest.uuid })?.disks ?? [];
  expect(disk?.chain?.images.map(({ key }) => key)).toEqual(one.chain(imagesOf(guest), guest));
  expect(await (kind === 'migrate' ? contentThere(guest) : contentOf(guest))).toBe(before);
  expect(parts.broken).toEqual([]);
});

test('a resume continues a guest that QEMU paused on a full file system, and nothing is lost', async () => {
  const tiny = tinyOf(lab);
  const guest = await writer('smoke-resume', 5);
  const [overlay, other] = [join(tiny, 'smoke-resume.qcow2'), join(tiny, 'smoke-others.bin')];
  guest.files.push(overlay);
  onTestFinished(() => rm(other, { force: true }));
  const snapshot = ['snapshot-create-as', guest.uuid, '--disk-only', '--no-metadata'];
  await virsh(alpha, ...snapshot, '--diskspec', `vda,file=${overlay}`);
  const { bavail, bsize } = await statfs(tiny);
  await run('fallocate', ['--length', String(bavail * bsize - MiB), other]);
  const parts = await dashboard();
  await until('the pause', async () => parts.guest(guest).ioError !== null);
  await rm(other);
  const { id } = await parts.run(guest, { kind: 'resume' });
  expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded', problem: null });
  await waitForWrites(guest, 5);
  expect(await verifyWriter(lab, guest)).toMatchObject({ lost: [], errors: [] });
});

test('a revert gives what a snapshot froze and keeps the present, where libvirt can; elsewhere it is refused', async () => {
  const layers = [{ file: 'smoke-revert-0.qcow2' }, { file: 'smoke-revert-1.qcow2', snapshot: 'sn1' }];
  const guest = await guestFor({ name: 'smoke-revert', disks: [{ layers, size: 16 * MiB }] });
  const [active = '', frozen = ''] = imagesOf(guest);
  const [present, past] = [await contentOf(guest), await digest(frozen)];
  const parts = await dashboard();
  const intent = { kind: 'revert', name: 'sn1', keepAs: 'kept' } as const;
  const { refusals } = await parts.preview(guest, intent);
  if (parts.guest(guest).reverts === null) {
    expect(refusals).toEqual([{ code: 'REVERT_UNSUPPORTED', params: {} }]);
    return;
  }
  expect(refusals).toEqual([]);
  const { id } = await parts.run(guest, intent);
  expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded', problem: null });
  guest.files.push(parts.chain(guest)[0] ?? '');
  expect(parts.chain(guest).slice(1)).toEqual([frozen]);
  expect(await contentOf(guest)).toBe(past);
  expect(await digest(active)).toBe(present);
  expect(parts.broken).toEqual([]);
});

test('an undo brings back the chain that a flatten merged, and the guest reads the same', async () => {
  const guest = await shutOff('smoke-undo');
  const before = await contentOf(guest);
  const parts = await dashboard();
  const flatten = await parts.flatten(guest, null);
  expect(await parts.reached(flatten.id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  const { id } = await parts.run(guest, { kind: 'undo', target: 'vda', of: flatten.id });
  expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded', problem: null });
  expect(parts.chain(guest)).toEqual(imagesOf(guest));
  expect(await contentOf(guest)).toBe(before);
  expect(parts.broken).toEqual([]);
});

test('the deletion of a snapshot merges it away, where libvirt can; elsewhere it is refused', async () => {
  const layers = [{ file: 'smoke-unsnap-0.qcow2' }, { file: 'smoke-unsnap-1.qcow2', snapshot: 'sn1' }];
  const guest = await guestFor({ name: 'smoke-unsnap', disks: [{ layers, size: 16 * MiB }] });
  const [, base = ''] = imagesOf(guest);
  const before = await contentOf(guest);
  const parts = await dashboard();
  const intent = { kind: 'delete-snapshot', name: 'sn1' } as const;
  const { refusals } = await parts.preview(guest, intent);
  if (parts.guest(guest).reverts === null) {
    expect(refusals).toEqual([{ code: 'DELETE_SNAPSHOT_UNSUPPORTED', params: { name: 'sn1' } }]);
    return;
  }
  expect(refusals).toEqual([]);
  const { id } = await parts.run(guest, intent);
  expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded', problem: null });
  expect(parts.chain(guest)).toEqual([base]);
  expect(await contentOf(guest)).toBe(before);
  expect(parts.broken).toEqual([]);
});

test('delete removes an image that nothing refers to', async () => {
  const path = await loose('smoke-orphan.qcow2');
  const parts = await dashboard(beta);
  const { id } = await parts.remove([path]);
  expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded', problem: null });
  await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
});
