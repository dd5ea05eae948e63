import { expect, test } from 'vitest';
import { configuredHosts } from './known-hosts.ts';

const hosts = (value: string) => configuredHosts({ NODE_ENV: 'test', BACKCHAIN_HOSTS: value });

test('hosts are named in a list, with names or without', async () => {
  expect(await hosts(' qemu:///system , db-1=qemu+ssh://root@db-1/system?keyfile=/k,')).toEqual([
    { uri: 'qemu:///system', name: null },
    { uri: 'qemu+ssh://root@db-1/system?keyfile=/k', name: 'db-1' },
  ]);
});

test("a URI's own parameters are no name", async () => {
  const uri = 'qemu+unix:///session?socket=/tmp/a/libvirt-sock';
  expect(await hosts(uri)).toEqual([{ uri, name: null }]);
});

test.each(['', ' , '])('without any (%j), this machine is the host', async (value) => {
  const found = await hosts(value);
  expect(found).toHaveLength(1);
  expect(found[0]?.uri).toMatch(/^qemu:\/\/\/(system|session)$/);
});
