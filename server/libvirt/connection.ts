import type { LibvirtError } from './errors.ts';
import type { EventName, EventOf } from './event-kinds.ts';
import type { EventStream } from './event-stream.ts';
import type { ArgumentsOf, ProcedureName, ResultOf } from './procedures.ts';

export interface CallOptions {
  /** Aborting rejects the caller at once with ABORTED; the daemon may still carry the call out. */
  signal?: AbortSignal;
}

/** Streams of events; one per kind. QEMU's take the name of an event, or null for all of them. */
export type Events = {
  readonly [K in Exclude<EventName, 'qemu'>]: (signal?: AbortSignal) => EventStream<EventOf<K>>;
} & { readonly qemu: (event: string | null, signal?: AbortSignal) => EventStream<EventOf<'qemu'>> };

/** One open connection to a libvirt daemon. */
export interface Connection {
  readonly uri: string;
  readonly events: Events;
  /** Resolves with the reason when the connection ends, however it ends. */
  readonly closed: Promise<LibvirtError>;
  /** At most 4 calls are with the daemon at a time, the rest wait their turn. Replies may come in any order. */
  call<K extends ProcedureName>(name: K, args: ArgumentsOf<K>, options?: CallOptions): Promise<ResultOf<K>>;
  /** The same call on a connection of its own, for calls that last: they would hold one of the 4 places. */
  long<K extends ProcedureName>(name: K, args: ArgumentsOf<K>, options?: CallOptions): Promise<ResultOf<K>>;
  /** A round trip to the daemon. */
  ping(): Promise<void>;
  /** Ends the connection; pending calls are rejected with CONNECTION_CLOSED. */
  close(): Promise<void>;
}
