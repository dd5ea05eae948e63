import { abortable } from './abort.ts';
import { isConnectFailed, LibvirtError } from './errors.ts';
import { type Events, eventStreams } from './event-streams.ts';
import { type ArgumentsOf, type ProcedureName, type ResultOf, table } from './procedures.ts';
import type { Rpc } from './rpc.ts';
import { openSession, type Session } from './session.ts';
import type { Target } from './uri.ts';

export interface CallOptions {
  /** Aborting rejects the caller at once with ABORTED; the daemon may still carry the call out. */
  signal?: AbortSignal;
}

/** One open connection to a libvirt daemon. */
export class Connection {
  readonly uri: string;
  readonly events: Events;
  readonly #target: Target;
  readonly #session: Session;
  /** Connections of long calls that have not come back; they end with this one. */
  readonly #long = new Set<Rpc>();

  constructor(uri: string, target: Target, session: Session) {
    this.uri = uri;
    this.events = eventStreams(session.events);
    this.#target = target;
    this.#session = session;
    void this.closed.then((reason) => {
      for (const rpc of this.#long) rpc.end(reason);
    });
  }

  /** Resolves with the reason when the connection ends, however it ends. */
  get closed(): Promise<LibvirtError> {
    return this.#session.rpc.closed;
  }

  /**
   * At most 4 calls are with the daemon at a time, the rest wait their turn. The daemon works on those 4 at once and in any
   * order: await a call before making one that depends on it.
   */
  call<K extends ProcedureName>(
    name: K,
    args: ArgumentsOf<K>,
    options: CallOptions = {},
  ): Promise<ResultOf<K>> {
    return this.#session.rpc.call(table[name], args, options.signal);
  }

  /** The same call on a connection of its own, for calls that last: they would hold one of the 4 places. */
  async long<K extends ProcedureName>(
    name: K,
    args: ArgumentsOf<K>,
    options: CallOptions = {},
  ): Promise<ResultOf<K>> {
    const { rpc } = await openSession(this.#target, options.signal).catch(async (error: unknown) => {
      // A daemon that is gone refused nothing: then this fails too, and says that the connection is lost.
      if (isConnectFailed(error)) await this.ping();
      throw error;
    });
    this.#long.add(rpc);
    const reason = this.#session.rpc.reason;
    if (reason !== null) rpc.end(reason);
    // An abort frees the caller, but not the connection: the daemon might take its end as a wish to give up.
    const reply = rpc.call(table[name], args);
    const done = () => {
      this.#long.delete(rpc);
      rpc.end(new LibvirtError('CONNECTION_CLOSED', 'The call of this connection has come back.'));
    };
    reply.then(done, done);
    return abortable(reply, options.signal);
  }

  /** A round trip to the daemon. */
  async ping(): Promise<void> {
    await this.call('CONNECT_GET_LIB_VERSION', {});
  }

  /** Ends the connection; pending calls are rejected with CONNECTION_CLOSED. */
  async close(): Promise<void> {
    this.#session.rpc.end(new LibvirtError('CONNECTION_CLOSED', 'The connection was closed.'));
    await this.closed;
  }
}
