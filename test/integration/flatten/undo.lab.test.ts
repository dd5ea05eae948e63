import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { digest } from '../../../lab/content.ts';
import { MiB } from '../../../lab/image.ts';
import { hostOf, type LabGuest } from '../../../lab/lab.ts';
import { liveChains } from '../../../lab/live-chain.ts';
import { run } from '../../../lab/run.ts';
import { virsh } from '../../../lab/virsh.ts';
import type { UndoIntent } from '../../../model/plans/undo/undo.ts';
import { flattenTo } from '../../../model/testing.ts';
import { type Dashboard, openDashboard } from '../../support/dashboard.ts';
import { interrupted } from '../../support/fault-point.ts';
import { monitorOf } from '../../support/monitor.ts';
import { alpha, contentOf, dashboard, folder, guestFor, imagesOf, lab, small } from '../../support/rig.ts';

const off = { state: 'shut off' } as const;
const undoing = (of: string): UndoIntent => ({ kind: 'undo', target: 'vda', of });

/** Flattens toward the image at this position, and answers the operation's id. */
async function flattened(
  { flatten, reached }: Dashboard,
  guest: LabGuest,
  toward: number | null,
): Promise<string> {
  const { id } = await flatten(guest, toward);
  expect(await reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded', problem: null });
  return id;
}

async function undone({ run: start, reached, broken }: Dashboard, guest: LabGuest, of: string) {
  const { id } = await start(guest, undoing(of));
  expect(await reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded', problem: null });
  expect(broken).toEqual([]);
}

async function refusals({ preview }: Dashboard, guest: LabGuest, of: string) {
  return (await preview(guest, undoing(of))).refusals;
}

/** What QEMU itself writes, as the guest's devices would. */
async function write(guest: LabGuest, ...commands: readonly string[]): Promise<void> {
  const monitor = await monitorOf(guest);
  for (const command of commands) {
    const said = await monitor(`qemu-io -d /machine/peripheral/virtio-disk0/virtio-backend "${command}"`);
    expect(said).not.toMatch(/error|failed/i);
  }
}

const destroy = ({ host, uuid }: LabGuest) => virsh(hostOf(lab, host), 'destroy', uuid);

test('the old chain comes back below what was written and discarded since, and nothing that is read changes', async () => {
  const guest = await small('undo-full');
  const parts = await dashboard();
  const images = imagesOf(guest);
  const old = await Promise.all(images.slice(1).map(digest));
  const flatten = await flattened(parts, guest, null);
  expect(await refusals(parts, guest, flatten)).toEqual([
    { code: 'GUEST_RUNS', params: { guest: guest.name } },
  ]);
  // Over data of each old image, and where none holds anything.
  await write(
    guest,
    'discard 0 1M',
    'write -P 77 9M 1M',
    'write -z -u 16M 2M',
    'write -P 78 100M 1M',
    'discard 60M 1M',
  );
  await destroy(guest);
  const [present, allocated] = [await contentOf(guest), (await stat(images[0] ?? '')).blocks];
  const { warnings, cost } = await parts.preview(guest, undoing(flatten));
  expect(warnings.map(({ code }) => code)).toContain('UNDO_KEEPS');
  expect(cost.atMost).toBe(0);
  await undone(parts, guest, flatten);
  expect(parts.chain(guest)).toEqual(images);
  expect(await contentOf(guest)).toBe(present);
  expect((await stat(images[0] ?? '')).blocks).toBe(allocated);
  expect(await Promise.all(images.slice(1).map(digest))).toEqual(old);
  await virsh(alpha, 'start', guest.uuid);
  expect(await liveChains(lab, guest)).toEqual([{ target: 'vda', images }]);
  expect(await contentOf(guest)).toBe(present);
});

test('of a flatten toward a base, what was between comes back; flattened again, nothing is copied', async () => {
  const guest = await small('undo-part', off);
  const parts = await dashboard();
  const before = await contentOf(guest);
  const flatten = await flattened(parts, guest, 2);
  await undone(parts, guest, flatten);
  expect(parts.chain(guest)).toEqual(imagesOf(guest));
  expect(await contentOf(guest)).toBe(before);
  const { blocks } = await stat(imagesOf(guest)[0] ?? '');
  await flattened(parts, guest, 2);
  expect((await stat(imagesOf(guest)[0] ?? '')).blocks).toBe(blocks);
  expect(await contentOf(guest)).toBe(before);
});

test('a definition in which libvirt recorded the chain leaves it to the headers: the guest starts with the old one', async () => {
  const layers = [0, 1, 2, 3].map((level) => ({
    file: `undo-recorded-${level}.qcow2`,
    writes: [{ pattern: 16 + level, offset: level * MiB, length: 2 * MiB }],
    ...(level === 0 ? {} : { snapshot: `s${level}` }),
  }));
  const guest = await guestFor({ name: 'undo-recorded', disks: [{ layers, size: 16 * MiB }] });
  const parts = await dashboard();
  const images = parts.chain(guest);
  const before = await contentOf(guest);
  const flatten = await flattened(parts, guest, 3);
  await destroy(guest);
  const definition = await virsh(alpha, 'dumpxml', '--inactive', guest.uuid);
  expect(definition).toContain('<backingStore');
  await undone(parts, guest, flatten);
  const chainless = await virsh(alpha, 'dumpxml', '--inactive', guest.uuid);
  expect(chainless).toBe(definition.replace(/ *<backingStore.*<\/backingStore>\n/s, ''));
  await virsh(alpha, 'start', guest.uuid);
  expect(await liveChains(lab, guest)).toEqual([{ target: 'vda', images }]);
  expect(await contentOf(guest)).toBe(before);
});

test('after a flatten with a snapshot first, all images come back below the one that it made', async () => {
  const guest = await small('undo-kept');
  const parts = await dashboard();
  const before = await contentOf(guest);
  const file = `${alpha.images}/undo-kept-new.qcow2`;
  guest.files.push(file);
  const { id } = await parts.run(
    guest,
    flattenTo(null, { snapshotFirst: { name: 'kept', file }, forgetAfter: true }),
  );
  expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  await destroy(guest);
  await undone(parts, guest, id);
  expect(parts.chain(guest)).toEqual([file, ...imagesOf(guest)]);
  expect(await contentOf(guest)).toBe(before);
});

test('where a discard left nothing to hide the old data with, it is refused, with how much it is', async () => {
  const guest = await small('undo-v2', off);
  const [active = ''] = imagesOf(guest);
  await run('qemu-img', ['amend', '-f', 'qcow2', '-o', 'compat=0.10', active]);
  const parts = await dashboard();
  const flatten = await flattened(parts, guest, null);
  expect(await refusals(parts, guest, flatten)).toEqual([]);
  await run('qemu-io', ['-d', 'unmap', '-f', 'qcow2', '-c', `discard ${8 * MiB} 2M`, active]);
  expect(await refusals(parts, guest, flatten)).toEqual([
    { code: 'UNDO_SHOWS_OLD', params: { image: 'undo-v2-3.qcow2', hidden: 2 * MiB } },
  ]);
});

test('it is refused once an old image was written, is written by another guest, or is gone', async () => {
  const guest = await small('undo-old', off);
  const [, upper = '', middle = '', base = ''] = imagesOf(guest);
  const parts = await dashboard();
  const flatten = await flattened(parts, guest, null);
  expect(await refusals(parts, guest, flatten)).toEqual([]);

  const other = await guestFor({ name: 'undo-old-other', ...off, disks: [{ layers: 1 }] });
  const [own = ''] = imagesOf(other);
  const xml = await virsh(alpha, 'dumpxml', '--inactive', other.uuid);
  const using = async (path: string) => {
    const file = `${alpha.images}/undo-old-other.xml`;
    guest.files.push(file);
    await run('sh', ['-c', 'printf %s "$1" > "$2"', 'sh', xml.replace(own, path), file]);
    await virsh(alpha, 'define', file);
  };
  await using(upper);
  expect(await refusals(parts, guest, flatten)).toEqual([
    { code: 'UNDO_IMAGE_USED', params: { image: upper, guests: `${other.name} (vda)` } },
  ]);
  await using(own);
  expect(await refusals(parts, guest, flatten)).toEqual([]);

  await run('qemu-io', ['-f', 'qcow2', '-c', 'write -P 9 0 64k', middle]);
  expect(await refusals(parts, guest, flatten)).toEqual([
    { code: 'UNDO_IMAGE_WRITTEN', params: { image: middle } },
  ]);
  await rm(base);
  expect(await refusals(parts, guest, flatten)).toEqual([
    { code: 'UNDO_IMAGE_GONE', params: { image: base } },
  ]);
});

test('what happens right before the call is seen: nothing is written then', async () => {
  const guest = await small('undo-late', off);
  const [active = '', upper = ''] = imagesOf(guest);
  let isDue = false;
  const late = async () => {
    if (isDue) await run('qemu-io', ['-f', 'qcow2', '-c', 'write -P 9 0 64k', upper]);
  };
  const parts = await openDashboard({
    uris: [alpha.uri],
    database: join((await folder()).path, 'db.sqlite'),
    journalOf: (journal) => interrupted(journal, 'after step-intended 0', late),
  });
  onTestFinished(parts.stop);
  const flatten = await flattened(parts, guest, null);
  const present = await contentOf(guest);
  isDue = true;
  const { id } = await parts.run(guest, undoing(flatten));
  expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({
    state: 'failed',
    problem: { code: 'UNDO_IMAGE_WRITTEN' },
  });
  expect(parts.chain(guest)).toEqual([active]);
  expect(await contentOf(guest)).toBe(present);
  expect(parts.broken).toEqual([]);
});
