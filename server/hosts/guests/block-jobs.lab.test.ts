import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digestOf } from '../../../lab/content.ts';
import { MiB } from '../../../lab/image.ts';
import type { LabGuest } from '../../../lab/lab.ts';
import { until } from '../../../lab/process.ts';
import { run } from '../../../lab/run.ts';
import { virsh } from '../../../lab/virsh.ts';
import type { BlockJob } from '../../../model/fleet/block-job.ts';
import { DEFAULT_RESERVE } from '../../../model/fleet/free-space.ts';
import type { Image } from '../../../model/fleet/image.ts';
import { ErrorNumber } from '../../libvirt/index.ts';
import { ImageSpace } from '../pools/image-space.ts';
import { alpha, fleetOf, guestFor, lab } from '../testing.ts';
import { readDomain } from '../xml/domain-xml.ts';
import { BlockJobs } from './block-jobs.ts';
import { DiskJobs } from './disk-jobs.ts';
import { FreshGuests } from './fresh-guests.ts';

/** A running guest on four images, and what its tests need. */
async function rigOf(name: string, options: { pool?: string } = {}) {
  const layers = [0, 1, 2, 3].map((level) => ({
    file: `${name}-${level}.qcow2`,
    writes: [{ pattern: 32 + level, offset: level * 3 * MiB, length: 4 * MiB }],
  }));
  const made = await guestFor({ name, disks: [{ layers, size: 64 * MiB, ...options }] });
  const { fleet, hostId } = await fleetOf();
  const freshGuests = new FreshGuests(fleet);
  const ref = { hostId, uuid: made.uuid, target: 'vda' };
  const read = async () => (await freshGuests.disk(ref)).disk;
  const image = async (position: number): Promise<Image> => {
    const found = (await read()).chain?.images[position];
    if (found === undefined) throw new Error(`The chain has no image ${position}`);
    return found;
  };
  return {
    made,
    jobs: new BlockJobs(fleet),
    diskJobs: new DiskJobs(fleet, new ImageSpace(fleet, DEFAULT_RESERVE)),
    ref,
    image,
    read,
    names: async () => (await read()).chain?.images.map(({ key }) => key.split('/').at(-1)),
    reads: () => digestOf(lab, made),
    /** Resolves when the job is gone or ready for its pivot. */
    settles: (kind: BlockJob['kind']) =>
      until(`the ${kind} to settle`, async () => {
        const { job } = await read();
        if (job !== null) expect(job.kind).toBe(kind);
        return job === null || (job.end > 0 && job.cur === job.end);
      }),
    defined: () => definedImages(made),
  };
}

/** Which images the persistent definition names, from the active one down. */
async function definedImages(guest: LabGuest): Promise<readonly unknown[]> {
  const [disk] = readDomain(await virsh(alpha, 'dumpxml', guest.uuid, '--inactive')).disks;
  return disk?.images.map(({ source }) => source) ?? [];
}

test('a commit merges a run of images into its lowest; the definition stays', async () => {
  const { jobs, ref, image, names, reads, settles, defined } = await rigOf('jobs-commit');
  const [content, before] = [await reads(), await defined()];
  await jobs.startCommit(ref, await image(1), await image(2), 0);
  await settles('commit');
  expect(await names()).toEqual(['jobs-commit-3.qcow2', 'jobs-commit-1.qcow2', 'jobs-commit-0.qcow2']);
  expect(await reads()).toBe(content);
  expect(await defined()).toEqual(before);
});

test('an active commit ends with a pivot, and the definition follows', async () => {
  const { jobs, ref, image, names, reads, settles, defined } = await rigOf('jobs-active');
  const content = await reads();
  const base = await image(2);
  await jobs.startActiveCommit(ref, base, 0);
  await settles('active-commit');
  await jobs.pivot(ref);
  expect(await names()).toEqual(['jobs-active-1.qcow2', 'jobs-active-0.qcow2']);
  expect(await reads()).toBe(content);
  expect(await defined()).toEqual([base.source]);
});

test.each(['qcow2', 'raw'] as const)(
  'a copy to %s ends with a pivot, and the definition follows',
  async (format) => {
    const { made, jobs, ref, names, reads, settles, defined, read } = await rigOf(`jobs-copy-${format}`);
    const content = await reads();
    const file = join(alpha.images, `jobs <copy> & "new" é.${format}`);
    made.files.push(file);
    await jobs.startCopy(ref, { file, format }, 0);
    await settles('copy');
    await jobs.pivot(ref);
    expect((await read()).chain?.images).toMatchObject([{ key: file, format }]);
    expect(await names()).toHaveLength(1);
    expect(await reads()).toBe(content);
    expect(await defined()).toEqual([{ kind: 'file', path: file }]);
  },
);

test('a disk that is a volume is copied to a file, and comes back from an overlay to its volume', async () => {
  const { made, jobs, ref, image, reads, settles, read, defined } = await rigOf('jobs-volume', {
    pool: 'default',
  });
  const content = await reads();
  const overlay = join(alpha.images, 'jobs-volume-overlay.qcow2');
  const file = join(alpha.images, 'jobs-volume-new.qcow2');
  made.files.push(overlay, file);
  const spec = `vda,file=${overlay}`;
  await virsh(alpha, 'snapshot-create-as', made.uuid, '--disk-only', '--no-metadata', '--diskspec', spec);
  await jobs.startActiveCommit(ref, await image(1), 0);
  await settles('active-commit');
  await jobs.pivot(ref);
  expect(await defined()).toMatchObject([{ kind: 'volume', volume: 'jobs-volume-3.qcow2' }]);
  await jobs.startCopy(ref, { file, format: 'qcow2' }, 0);
  await settles('copy');
  await jobs.pivot(ref);
  expect((await read()).chain?.images).toHaveLength(1);
  expect(await defined()).toEqual([{ kind: 'file', path: file }]);
  expect(await reads()).toBe(content);
});

test('a speed limit is in bytes per second', async () => {
  const { made, diskJobs, jobs, ref, image, read } = await rigOf('jobs-speed');
  const file = join(alpha.images, 'jobs-speed-new.qcow2');
  made.files.push(file);
  await jobs.startActiveCommit(ref, await image(3), 123_457);
  expect((await read()).job).toMatchObject({ kind: 'active-commit', bandwidth: 123_457 });
  await diskJobs.abortJob(ref);
  await until('the end of the commit', async () => (await read()).job === null);
  await jobs.startCopy(ref, { file, format: 'qcow2' }, 123_457);
  expect((await read()).job).toMatchObject({ kind: 'copy', bandwidth: 123_457 });
  await diskJobs.abortJob(ref);
  await until('the end of the copy', async () => (await read()).job === null);
  await jobs.startCommit(ref, await image(1), await image(3), 123_457);
  expect((await read()).job).toMatchObject({ kind: 'commit', bandwidth: 123_457 });
});

test('an abort leaves the chain as it was, running or ready', async () => {
  const { made, diskJobs, jobs, ref, image, names, reads, settles, read } = await rigOf('jobs-abort');
  const [content, chain] = [await reads(), await names()];
  const file = join(alpha.images, 'jobs-abort-new.qcow2');
  made.files.push(file);
  for (const bandwidth of [MiB, 0]) {
    await jobs.startCopy(ref, { file, format: 'qcow2' }, bandwidth);
    if (bandwidth === 0) await settles('copy');
    else await expect(jobs.pivot(ref)).rejects.toMatchObject({ libvirtCode: ErrorNumber.BLOCK_COPY_ACTIVE });
    await diskJobs.abortJob(ref);
    await until('the end of the copy', async () => (await read()).job === null);
    expect(await names()).toEqual(chain);
    // The copy stays, and another attempt is refused over it.
    expect((await stat(file)).size).toBeGreaterThan(0);
    await rm(file);
  }
  await jobs.startActiveCommit(ref, await image(1), 0);
  await settles('active-commit');
  await jobs.end(ref);
  expect((await read()).job).toBeNull();
  // Nothing is left to end.
  await jobs.end(ref);
  expect(await names()).toEqual(chain);
  expect(await reads()).toBe(content);
});

test('a copy overwrites no file that isn’t empty', async () => {
  const { jobs, ref, image, reads } = await rigOf('jobs-exists');
  const content = await reads();
  const base = (await image(3)).key;
  const before = await readFile(base);
  await expect(jobs.startCopy(ref, { file: base, format: 'qcow2' }, 0)).rejects.toMatchObject({
    message: expect.stringContaining('already exists'),
  });
  expect((await readFile(base)).equals(before)).toBe(true);
  expect(await reads()).toBe(content);
});

test("libvirt lets a commit change a shut-off guest's data without a warning", async () => {
  const { jobs, ref, image, reads, settles } = await rigOf('jobs-shared');
  const base = await image(3);
  const other = await guestFor({
    name: 'jobs-shared-other',
    state: 'shut off',
    disks: [
      { layers: [{ file: base.key, existing: true }, { file: 'jobs-shared-other.qcow2' }], size: 64 * MiB },
    ],
  });
  const [content, theirs] = [await reads(), await digestOf(lab, other)];
  await jobs.startCommit(ref, await image(1), base, 0);
  await settles('commit');
  expect(await reads()).toBe(content);
  expect(await digestOf(lab, other)).not.toBe(theirs);
  expect(await run('qemu-img', ['check', '-U', base.key])).toContain('No errors were found');
});

test.each([false, true])(
  'an unfinished copy is removed, on another host by its pool (another host: %s)',
  async (elsewhere) => {
    const { fleet, hostId } = await fleetOf(alpha, { elsewhere });
    const jobs = new BlockJobs(fleet);
    const ref = { hostId, uuid: crypto.randomUUID(), target: 'vda' };
    const file = join(alpha.images, `jobs-left-${elsewhere}.qcow2`);
    await run('qemu-img', ['create', '-q', '-f', 'qcow2', file, '1M']);
    await jobs.removeCopy(ref, file);
    await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
    const nowhere = join(lab.dir, 'no-pool/left.qcow2');
    const again = jobs.removeCopy(ref, nowhere);
    if (elsewhere) await expect(again).rejects.toMatchObject({ problem: { code: 'COPY_OUTSIDE_POOLS' } });
    else await again;
  },
);
