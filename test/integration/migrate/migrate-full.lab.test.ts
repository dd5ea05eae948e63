import { rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { KiB, MiB } from '../../../lab/image.ts';
import { tinyOf } from '../../../lab/lab.ts';
import { run } from '../../../lab/run.ts';
import { virsh } from '../../../lab/virsh.ts';
import type { JournalEvent } from '../../../model/operation/operation.ts';
import { openDashboard } from '../../support/dashboard.ts';
import {
  chainThere,
  contentThere,
  ENDS,
  expectNothingDone,
  isFile,
  isOn,
  onBeta,
  toBeta,
  traveller,
} from '../../support/migrating.ts';
import { alpha, beta, contentOf, folder, imagesOf, jobOf, lab } from '../../support/rig.ts';

const tiny = tinyOf(lab);

/** A guest that is to go to a small file system, which somebody fills just when libvirt is about to be asked for this step. */
async function goingWhere(name: string, { step, left }: { step: number; left: number }) {
  const layers = [0, 1].map((level) => ({
    file: `${name}-${level}.qcow2`,
    writes: [{ pattern: level + 1, offset: level * 8 * MiB, length: 8 * MiB }],
  }));
  const guest = await traveller({ name, disks: [{ layers, size: 64 * MiB }] });
  await virsh(beta, 'pool-create-as', name, 'dir', '--target', tiny);
  const file = join(tiny, `${name}-there.qcow2`);
  const theirs = join(tiny, 'somebody-elses.bin');
  onTestFinished(async () => {
    await Promise.all([file, theirs].map((path) => rm(path, { force: true })));
    await virsh(beta, 'pool-destroy', name);
  });
  const isNear = (event: JournalEvent) => event.kind === 'step-intended' && event.step === step;
  const parts = await openDashboard({
    uris: [alpha.uri, beta.uri],
    database: join((await folder()).path, 'db.sqlite'),
    journalOf: (journal) => ({
      entries: (operation) => journal.entries(operation),
      unfinished: () => journal.unfinished(),
      async append(operation, events, at) {
        if (events.some(isNear)) {
          const { bavail, bsize } = await statfs(tiny);
          await run('fallocate', ['--length', String(bavail * bsize - left), theirs]);
        }
        return journal.append(operation, events, at);
      },
    }),
  });
  onTestFinished(parts.stop);
  // Nobody can measure it there, or the operation would wait for free space.
  parts.ports.imageSpace.freeSpaceAt = async () => null;
  parts.ports.imageSpace.freeSpaceNow = async () => null;
  const before = await contentOf(guest);
  const { id } = await parts.run(guest, toBeta(parts, { disks: [{ target: 'vda', file, from: null }] }));
  return { guest, parts, before, file, ended: await parts.reached(id, ...ENDS) };
}

test('a file system that is full before the overlay is made: nothing is done, and QEMU’s error is reported', async () => {
  const { guest, parts, before, file, ended } = await goingWhere('full-overlay', { step: 0, left: 64 * KiB });
  expect(ended).toMatchObject({
    state: 'failed',
    problem: { code: 'OVERLAY_REFUSED', params: { reason: expect.stringContaining('No space left') } },
  });
  expect(await isFile(file)).toBe(false);
  await expectNothingDone(parts, guest, before);
});

test('a file system that the pull fills after the switch: the guest continues there, and reads the same', async () => {
  const { guest, parts, before, file, ended } = await goingWhere('full-pull', { step: 2, left: 4 * MiB });
  expect(ended).toMatchObject({
    state: 'failed',
    problem: { code: 'PULL_FAILED', params: { reason: expect.stringContaining('No space left') } },
  });
  expect((await virsh(beta, 'domstate', guest.uuid)).trim()).toBe('running');
  expect(await isOn(alpha, guest)).toBe(false);
  expect(await jobOf(onBeta(guest))).toBe('');
  expect(chainThere(parts, guest)).toEqual([file, ...imagesOf(guest)]);
  expect(await contentThere(guest)).toBe(before);
  expect(parts.broken).toEqual([]);
});
