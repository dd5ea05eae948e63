import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { virsh } from '../../../lab/virsh.ts';
import { alpha, fleetOf } from '../testing.ts';
import { Destinations } from './destinations.ts';

/** A folder among the host's images with a file in it. */
async function folderOf(name: string): Promise<string> {
  const path = join(alpha.images, name);
  await mkdir(path);
  await writeFile(join(path, 'taken.qcow2'), '');
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

test('a path on this machine is inspected by its file system', async () => {
  const { fleet, hostId } = await fleetOf();
  const destinations = new Destinations(fleet);
  const folder = await folderOf('places');
  await symlink('/no-such-file', join(folder, 'loose'));
  await symlink(folder, join(alpha.images, 'places-link'));
  onTestFinished(() => rm(join(alpha.images, 'places-link')));
  const inspect = (path: string) => destinations.inspect(hostId, path);
  const freeSpace = { fileSystem: expect.any(String), free: expect.any(Number), reserve: expect.any(Number) };
  const there = { folder: 'there', freeSpace, inMemory: expect.any(Boolean) };
  expect(await inspect(join(folder, 'new'))).toEqual({ at: 'nothing', ...there });
  expect(await inspect(join(alpha.images, 'places-link/new'))).toEqual({ at: 'nothing', ...there });
  expect(await inspect(join(folder, 'taken.qcow2'))).toEqual({ at: 'file', ...there });
  expect(await inspect(join(folder, 'loose'))).toMatchObject({ at: 'other' });
  expect(await inspect(folder)).toMatchObject({ at: 'folder' });
  expect(await inspect(join(folder, 'taken.qcow2/new'))).toMatchObject({
    at: 'nothing',
    folder: 'not-a-folder',
  });
  expect(await inspect('/no-such-folder/new')).toMatchObject({ at: 'nothing', folder: 'missing' });
  expect(await inspect('relative')).toMatchObject({ at: 'unknown', folder: 'unknown' });
});

test('regression: a path in memory, which the next start of the host empties, was accepted without a warning', async () => {
  const { fleet, hostId } = await fleetOf();
  const destinations = new Destinations(fleet);
  expect(await destinations.inspect(hostId, '/dev/shm/new.qcow2')).toMatchObject({ inMemory: true });
  expect(await destinations.inspect(hostId, '/proc/new.qcow2')).toMatchObject({ inMemory: false });
});

test('a path on a host whose files can’t be read is inspected by its pools', async () => {
  const { fleet, hostId } = await fleetOf(alpha, { elsewhere: true });
  const destinations = new Destinations(fleet);
  const taken = join(alpha.images, 'places-taken.raw');
  await virsh(alpha, 'vol-create-as', 'default', 'places-taken.raw', '1M');
  onTestFinished(() => rm(taken, { force: true }));
  const inspect = (path: string) => destinations.inspect(hostId, path);
  expect(await inspect(taken)).toMatchObject({ at: 'file', folder: 'there' });
  expect(await inspect(join(alpha.images, 'places-new'))).toEqual({
    at: 'nothing',
    folder: 'there',
    freeSpace: { fileSystem: alpha.images, free: expect.any(Number), reserve: expect.any(Number) },
  });
  expect(await inspect('/no-such-folder/new')).toEqual({ at: 'unknown', folder: 'unknown', freeSpace: null });
});
