import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { statusFolder, watchStatus } from './status-files.ts';

test.each([
  ['/run/libvirt/libvirt-sock', '/run/libvirt/qemu'],
  ['/var/run/libvirt/virtqemud-sock', '/run/libvirt/qemu'],
  ['/run/user/1000/libvirt/libvirt-sock', '/run/user/1000/libvirt/qemu/run'],
])('%s', (socket, folder) => {
  expect(statusFolder(socket)).toBe(folder);
});

test('a file that is renamed into its place is a change of the guest of its name', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'backchain-status-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const ended = new AbortController();
  const changed = vi.fn();
  const unwatchable = vi.fn();
  watchStatus(folder, ended.signal, changed, unwatchable);
  await writeFile(join(folder, 'a guest.xml.new'), '');
  await rename(join(folder, 'a guest.xml.new'), join(folder, 'a guest.xml'));
  await vi.waitFor(() => expect(changed).toHaveBeenCalled());
  expect(new Set(changed.mock.calls.flat())).toEqual(new Set(['a guest']));
  ended.abort();
  expect(unwatchable).not.toHaveBeenCalled();
});

test('a folder that is not there is said so', () => {
  const unwatchable = vi.fn();
  watchStatus('/nowhere/at/all', new AbortController().signal, vi.fn(), unwatchable);
  expect(unwatchable).toHaveBeenCalledOnce();
});
