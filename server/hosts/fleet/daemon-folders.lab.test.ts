import { expect, test } from 'vitest';
import { alpha, lab } from '../testing.ts';
import { daemonFolders } from './daemon-folders.ts';

test("a user's daemon is found by its socket, wherever its folders are", async () => {
  expect(await daemonFolders(alpha.socket)).toEqual({
    status: `${lab.dir}/alpha/run/libvirt/qemu/run`,
    definitions: `${lab.dir}/alpha/cfg/libvirt/qemu`,
    records: `${lab.dir}/alpha/cfg/libvirt/qemu/snapshot`,
  });
});

test.each(['/run/libvirt/libvirt-sock', '/var/run/libvirt/virtqemud-sock'])(
  "%s is the system's",
  async (socket) => {
    expect(await daemonFolders(socket)).toEqual({
      status: '/run/libvirt/qemu',
      definitions: '/etc/libvirt/qemu',
      records: '/var/lib/libvirt/qemu/snapshot',
    });
  },
);

test('without a daemon, only the folder of running guests is known', async () => {
  expect(await daemonFolders('/nowhere/libvirt/libvirt-sock')).toEqual({
    status: '/nowhere/libvirt/qemu/run',
    definitions: null,
    records: null,
  });
});
