import { chmod, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { hostOf } from '../../../lab/lab.ts';
import { lab } from '../../../lab/vitest-lab.ts';
import { connect } from '../connect.ts';
import { type SshServer, startSshServer } from '../testing/ssh-server.ts';

const alpha = hostOf(lab, 'alpha');

let server: SshServer;

beforeAll(async () => {
  server = await startSshServer(lab, alpha);
  vi.stubEnv('PATH', `${server.bin}:${process.env.PATH}`);
});

afterEach(() => server.know('right'));

afterAll(async () => {
  vi.unstubAllEnvs();
  await server.stop();
});

const uriWith = (more = '') =>
  `qemu+ssh://${server.user}@127.0.0.1:${server.port}/session?keyfile=${server.keyfile}${more}`;

async function expectToServe(uri: string): Promise<void> {
  const connection = await connect(uri);
  try {
    expect(await connection.call('CONNECT_GET_URI', {})).toBe('qemu:///session');
    const pools = await connection.call('CONNECT_LIST_ALL_STORAGE_POOLS', { needResults: true, flags: 0 });
    expect(pools.map(({ name }) => name)).toContain('default');
    const capabilities = await connection.call('CONNECT_GET_CAPABILITIES', {});
    expect(capabilities).toContain('<arch>x86_64</arch>');
  } finally {
    await connection.close();
  }
}

describe('a daemon behind ssh', () => {
  it('answers through virt-ssh-helper', async () => {
    await expectToServe(uriWith());
  });

  it('answers through a relay to a socket that is named', async () => {
    // What nc does with -U, since there are many of it and none may be here.
    const relay = join(dirname(server.keyfile), "my 'nc'");
    const program = `const s = require('net').connect(process.argv[1]); process.stdin.pipe(s).pipe(process.stdout);`;
    await writeFile(
      relay,
      `#!/bin/sh\n[ "$1" = -U ] || exit 1\nexec ${process.execPath} -e "${program}" -- "$2"\n`,
    );
    await chmod(relay, 0o755);
    const parameters = { socket: alpha.socket, netcat: relay, proxy: 'netcat' };
    const query = Object.entries(parameters).map(([name, value]) => `&${name}=${encodeURIComponent(value)}`);
    await expectToServe(uriWith(query.join('')));
  });

  it('accepts the key as an option too', async () => {
    const plain = `qemu+ssh://${server.user}@127.0.0.1:${server.port}/session`;
    const connection = await connect(plain, { identity: server.keyfile });
    await connection.ping();
    await connection.close();
  });

  it('makes long calls on a connection of their own', async () => {
    const connection = await connect(uriWith());
    expect(await connection.long('CONNECT_GET_URI', {})).toBe('qemu:///session');
    await connection.close();
  });
});

describe('an error of ssh is reported with its text', () => {
  it('an unknown key', async () => {
    const other = uriWith().replace(server.keyfile, server.keyfile.replace(/client$/, 'other'));
    await expect(connect(other)).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
      message: expect.stringMatching(/Permission denied/),
    });
  });

  it('a host whose key has changed', async () => {
    await server.know('wrong');
    await expect(connect(uriWith())).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
      message: expect.stringMatching(/host key verification failed/i),
    });
  });

  it('a host without a daemon', async () => {
    await expect(connect(uriWith('&socket=/nowhere&netcat=cat'))).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
      message: expect.stringMatching(/no libvirt daemon listens/),
    });
  });
});
