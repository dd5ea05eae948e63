import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';
import { aborted } from '../abort.ts';
import { asLibvirtError, LibvirtError } from '../errors.ts';
import type { TlsTarget } from '../uri.ts';
import { findPlaces, readCredentials } from './pki.ts';

/** The daemon sends this byte, inside TLS and before any frame, once it has accepted the client's certificate. */
const ACCEPTED = 1;

/** A TLS connection on which both sides have checked certificates. Throws CONNECT_FAILED or ABORTED. */
export async function openTls(target: TlsTarget, signal?: AbortSignal): Promise<Duplex> {
  const credentials = await readCredentials(await findPlaces(target.pkipath));
  const { host, port } = target;
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      ...credentials,
      ...(isIP(host) === 0 && { servername: host }),
      minVersion: 'TLSv1.2',
    });
    const settle = (error: unknown) => {
      socket.off('error', settle).off('readable', verdict).off('close', refused);
      signal?.removeEventListener('abort', abort);
      if (error === undefined) return resolve(socket);
      socket.destroy();
      reject(asLibvirtError(error, 'CONNECT_FAILED', `Can't connect to ${host} port ${port} by TLS`));
    };
    const verdict = () => {
      const byte = acceptance(socket);
      if (byte === null) return;
      settle(byte === ACCEPTED ? undefined : refusal(host));
    };
    const refused = () => settle(refusal(host));
    const abort = () => settle(signal && aborted(signal));
    socket.on('error', settle).on('readable', verdict).on('close', refused);
    signal?.addEventListener('abort', abort, { once: true });
  });
}

/** The stream's first byte; null while none has come. */
function acceptance(socket: TLSSocket): number | null {
  const chunk: Buffer | null = socket.read(1);
  return chunk?.[0] ?? null;
}

function refusal(host: string): LibvirtError {
  return new LibvirtError(
    'CONNECT_FAILED',
    `${host} refused this client's certificate: the daemon's authority must have signed it, and tls_allowed_dn_list must have its name where that is set.`,
  );
}
