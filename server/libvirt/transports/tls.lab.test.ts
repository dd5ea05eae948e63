import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lab } from '../../../lab/vitest-lab.ts';
import { connect } from '../connect.ts';
import { freePort } from '../testing/port.ts';
import { startTlsDaemon, type TlsDaemon } from '../testing/tls-daemon.ts';

let daemon: TlsDaemon;

beforeAll(async () => {
  daemon = await startTlsDaemon(lab);
});

afterAll(() => daemon.stop());

const uri = (pkipath: string, host = 'localhost', port = daemon.port) =>
  `qemu+tls://${host}:${port}/session?pkipath=${pkipath}`;

describe('a daemon behind TLS', () => {
  it.each(['localhost', '127.0.0.1'])('answers as %s', async (host) => {
    const connection = await connect(uri(daemon.certificates.client, host));
    expect(await connection.call('CONNECT_GET_URI', {})).toBe('qemu:///session');
    expect(await connection.call('CONNECT_GET_CAPABILITIES', {})).toContain('<arch>x86_64</arch>');
    await connection.close();
  });

  it('refuses a client whose name it does not know', async () => {
    await expect(connect(uri(daemon.certificates.stranger))).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
      message: expect.stringMatching(/refused this client's certificate.*tls_allowed_dn_list/),
    });
  });

  it('refuses a client of another authority', async () => {
    await expect(connect(uri(daemon.certificates.foreigner))).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
    });
  });
});

describe('this client', () => {
  it('refuses a daemon that is not the host that was named', async () => {
    await expect(connect(uri(daemon.certificates.client, '127.0.0.2'))).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
    });
  });

  it('says that nobody listens', async () => {
    const silent = uri(daemon.certificates.client, '127.0.0.1', await freePort());
    await expect(connect(silent)).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
      message: expect.stringMatching(/ECONNREFUSED/),
    });
  });

  it('can be aborted', async () => {
    const given = connect(uri(daemon.certificates.client), { signal: AbortSignal.timeout(0) });
    await expect(given).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
