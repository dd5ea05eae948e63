import type { Duplex } from 'node:stream';
import { aborted } from './abort.ts';
import { authenticate } from './authentication.ts';
import { isConnectionLost, LibvirtError } from './errors.ts';
import { EventHub } from './event-hub.ts';
import { Keepalive } from './keepalive.ts';
import { Program, table } from './procedures.ts';
import { Rpc } from './rpc.ts';
import { openSsh } from './transports/ssh.ts';
import { openTls } from './transports/tls.ts';
import { openUnix } from './transports/unix.ts';
import type { Target } from './uri.ts';

/** VIR_DRV_FEATURE_PROGRAM_KEEPALIVE: asking for it also allows the daemon to ping. */
const KEEPALIVE_FEATURE = 10;

/** An open stream to a daemon that has accepted this client and opened its driver. */
export interface Session {
  readonly rpc: Rpc;
  readonly events: EventHub;
}

/** Connects, authenticates and opens the driver. Throws CONNECT_FAILED, AUTH_FAILED, AUTH_UNSUPPORTED, ABORTED or the daemon's error. */
export async function openSession(target: Target, signal?: AbortSignal): Promise<Session> {
  if (signal?.aborted) throw aborted(signal);
  const session = startSession(await openStream(target, signal));
  const { rpc, keepalive } = session;

  try {
    await authenticate(rpc, signal);
    if (await rpc.call(table.CONNECT_SUPPORTS_FEATURE, { feature: KEEPALIVE_FEATURE }, signal))
      keepalive.start();
    await rpc.call(table.CONNECT_OPEN, { name: target.name, flags: 0 }, signal);
    return session;
  } catch (error) {
    const reason = isConnectionLost(error)
      ? new LibvirtError('CONNECT_FAILED', `No connection could be made: ${error.message}`, { cause: error })
      : error;
    rpc.end(new LibvirtError('CONNECTION_CLOSED', 'The connection could not be made.'));
    throw reason;
  }
}

/** The parts of a session on a stream on which nothing was sent yet. */
export function startSession(stream: Duplex): Session & { readonly keepalive: Keepalive } {
  const rpc = new Rpc(stream, (frame) => {
    if (frame.program === Program.KEEPALIVE) keepalive.receive(frame);
    else events.receive(frame);
  });
  const keepalive = new Keepalive(rpc, stream);
  const events = new EventHub(rpc);
  return { rpc, events, keepalive };
}

function openStream(target: Target, signal?: AbortSignal): Promise<Duplex> {
  switch (target.transport) {
    case 'unix':
      return openUnix(target, signal);
    case 'ssh':
      return openSsh(target);
    case 'tls':
      return openTls(target, signal);
  }
}
