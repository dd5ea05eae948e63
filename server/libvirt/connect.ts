import type { Connection } from './connection.ts';
import { LibvirtError } from './errors.ts';

export interface ConnectOptions {
  /** Aborting gives up the attempt; it does not end a connection that is open. */
  signal?: AbortSignal;
  /** ssh only: file of the private key to offer, as the URI's `keyfile`. */
  identity?: string;
}

/** Opens a connection to the daemon that a libvirt URI names. */
export async function connect(uri: string, _options: ConnectOptions = {}): Promise<Connection> {
  throw new LibvirtError('CONNECT_FAILED', `Connecting to ${uri} is not possible yet.`);
}
