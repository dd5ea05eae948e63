import type { LibvirtError } from './errors.ts';
import type { EventHub } from './event-hub.ts';
import type { EventKind } from './event-kinds.ts';
import { type EventStream, type Source, Subscription } from './event-stream.ts';
import type { Reader } from './xdr/reader.ts';

/**
 * One registration with the daemon, shared by all streams of a kind: a second one on the same connection is refused
 * ("event callback already tracked"). The first reader registers, the last one deregisters.
 */
export class EventFeed<T extends object> implements Source<T> {
  readonly #hub: EventHub;
  readonly #kind: EventKind<T>;
  /** Name of the one QEMU event that is wanted; null for all, and for libvirt's own events. */
  readonly #name: string | null;
  readonly #readers = new Set<Subscription<T>>();
  /** Resolves with the callback id; null while nobody reads. */
  #registration: Promise<number> | null = null;
  /** The last registration's end. The daemon works on calls in any order, so the next one waits for it. */
  #ended: Promise<void> = Promise.resolve();

  constructor(hub: EventHub, kind: EventKind<T>, name: string | null = null) {
    this.#hub = hub;
    this.#kind = kind;
    this.#name = name;
  }

  /** A new reader. */
  stream(signal?: AbortSignal): EventStream<T> {
    return new Subscription(this, signal);
  }

  async join(reader: Subscription<T>): Promise<void> {
    this.#readers.add(reader);
    const registration =
      this.#registration ?? this.#ended.then(() => this.#hub.register(this.#kind, this.#name, this));
    this.#registration = registration;
    try {
      await registration;
    } catch (error) {
      this.#readers.delete(reader);
      if (this.#registration === registration) this.#registration = null;
      throw error;
    }
  }

  async leave(reader: Subscription<T>): Promise<void> {
    this.#readers.delete(reader);
    const registration = this.#registration;
    if (this.#readers.size > 0 || registration === null) return;
    this.#registration = null;
    // A failed registration needs no deregistration; `join` threw its error to the readers.
    this.#ended = registration.then(
      (callback) => this.#hub.deregister(this.#kind, callback),
      () => undefined,
    );
    await this.#ended;
  }

  deliver(body: Reader): void {
    const event = this.#kind.body.read(body);
    for (const reader of [...this.#readers]) reader.push(event);
  }

  overflow(): void {
    for (const reader of [...this.#readers]) reader.overflow();
  }

  fail(reason: LibvirtError): void {
    for (const reader of [...this.#readers]) reader.fail(reason);
  }
}
