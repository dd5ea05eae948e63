import { abortable } from './abort.ts';
import { isConnectFailed, LibvirtError } from './errors.ts';
import { type Events, eventStreams } from './event-streams.ts';
import { type ArgumentsOf, type ProcedureName, type ResultOf, table } from './procedures.ts';
import type { Rpc } from './rpc.ts';
import { openSession, type Session } from './session.ts';
import type { Target } from './uri.ts';

export interface CallOptions {
  /** An abort rejects the call at once with ABORTED; the daemon may still carry it out. */
  signal?: AbortSignal;
}

/** One open connection to a libvirt daemon. */
export class Connection {
  readonly uri: string;
  readonly events: Events;
  readonly #target: Target;
  readonly #session: Session;
  /** Connections of long calls without a reply yet; they end with this one. */
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
   * Calls a procedure. The daemon gets at most 4 calls at a time and works on them in any order: await a call before you make
   * one that depends on it. Throws the daemon's error, BAD_ARGUMENT, MALFORMED_BODY, ABORTED, or the reason why the connection ended.
   */
  call<K extends ProcedureName>(
    name: K,
    args: ArgumentsOf<K>,
    options: CallOptions = {},
  ): Promise<ResultOf<K>> {
    return this.#session.rpc.call(table[name], args, options.signal);
  }

  /** Calls a procedure on a connection of its own. For long calls, which would otherwise take up one of the 4. */
  async long<K extends ProcedureName>(
    name: K,
    args: ArgumentsOf<K>,
    options: CallOptions = {},
  ): Promise<ResultOf<K>> {
    const { rpc } = await openSession(this.#target, options.signal).catch(async (error: unknown) => {
      // Where the daemon is gone, the ping throws that the connection is lost, instead of a refusal.
      if (isConnectFailed(error)) await this.ping();
      throw error;
    });
    this.#long.add(rpc);
    const reason = this.#session.rpc.reason;
    if (reason !== null) rpc.end(reason);
    // An abort rejects the caller, but keeps the connection: the daemon might abort the call when it ends.
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
