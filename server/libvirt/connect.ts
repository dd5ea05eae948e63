import { Connection } from './connection.ts';
import { openSession } from './session.ts';
import { parseUri, type Target } from './uri.ts';

export interface ConnectOptions {
  /** Aborts the attempt, but does not end a connection that is open. */
  signal?: AbortSignal;
  /** ssh only: file of the private key to offer, in place of the URI's `keyfile`. */
  identity?: string;
}

/**
 * Opens a connection to the daemon that a libvirt URI names. Without `AbortSignal.timeout(ms)` there is no time limit.
 * Throws URI_INVALID, URI_UNSUPPORTED, CONNECT_FAILED, AUTH_FAILED, AUTH_UNSUPPORTED, ABORTED or the daemon's error.
 */
export async function connect(uri: string, options: ConnectOptions = {}): Promise<Connection> {
  const target = withIdentity(parseUri(uri), options.identity);
  return new Connection(uri, target, await openSession(target, options.signal));
}

function withIdentity(target: Target, identity: string | undefined): Target {
  return target.transport === 'ssh' && identity !== undefined ? { ...target, keyfile: identity } : target;
}
