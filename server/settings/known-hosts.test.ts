import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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

describe('without any', () => {
  let dir = '';
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'known-hosts-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  const system = [{ uri: 'qemu:///system', name: null }];
  const session = [{ uri: 'qemu:///session', name: null }];
  const sockets = () => ['virtqemud-sock', 'libvirt-sock'].map((name) => join(dir, name));
  const found = (value?: string) =>
    configuredHosts({ NODE_ENV: 'test', BACKCHAIN_HOSTS: value }, [...sockets(), join(dir, 'not/there')]);

  test.each([0, 1])("this machine's libvirt is the host, whichever socket it has (%i)", async (index) => {
    await writeFile(sockets()[index] ?? '', '');
    expect(await found()).toEqual(system);
  });

  test("the user's own is, where this machine has none", async () => {
    expect(await found()).toEqual(session);
    expect(await configuredHosts({ NODE_ENV: 'test' }, [])).toEqual(session);
  });

  test.each(['', ' , '])('an empty list (%j) names none', async (value) => {
    expect(await found(value)).toEqual(session);
    await writeFile(sockets()[0] ?? '', '');
    expect(await found(value)).toEqual(system);
  });
});
