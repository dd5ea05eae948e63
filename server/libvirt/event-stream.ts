import type { LibvirtError } from './errors.ts';
import { EventQueue } from './event-queue.ts';

/**
 * Events in the order in which the daemon sent them. The first iteration, or `start`, registers; leaving the loop or
 * aborting the signal deregisters without an error. Iterating throws EVENTS_OVERFLOW when the reader fell behind, and
 * the connection's reason when it ended.
 */
export interface EventStream<T> extends AsyncIterableIterator<T, void, void> {
  /** Resolves once the daemon sends events. Await it, then read the state that the events change, and no change is missed. */
  start(): Promise<void>;
}

/** Where a subscription's events come from. `leave` never rejects. */
export interface Source<T extends object> {
  join(subscription: Subscription<T>): Promise<void>;
  leave(subscription: Subscription<T>): Promise<void>;
}

/** One reader of a kind of events. */
export class Subscription<T extends object> implements EventStream<T> {
  readonly #queue = new EventQueue<T>();
  readonly #source: Source<T>;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => void this.#leave();
  #started: Promise<void> | null = null;

  constructor(source: Source<T>, signal?: AbortSignal) {
    this.#source = source;
    this.#signal = signal;
    if (signal?.aborted) this.#queue.end();
    else signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  start(): Promise<void> {
    this.#started ??= this.#queue.over ? Promise.resolve() : this.#source.join(this);
    return this.#started;
  }

  async next(): Promise<IteratorResult<T, void>> {
    await this.start();
    return this.#queue.next();
  }

  async return(): Promise<IteratorResult<T, void>> {
    await this.#leave();
    return { done: true, value: undefined };
  }

  push(event: T): void {
    this.#queue.push(event);
    if (this.#queue.over) void this.#leave();
  }

  /** Events may have been lost on their way here. */
  overflow(): void {
    this.#queue.overflow();
    void this.#leave();
  }

  /** The connection ended. */
  fail(reason: LibvirtError): void {
    this.#queue.fail(reason);
    void this.#leave();
  }

  async #leave(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#queue.end();
    if (this.#started !== null) await this.#source.leave(this);
  }
}
