import { LibvirtError } from './errors.ts';
import { MAX_EVENTS_WAITING } from './limits.ts';

type Reader<T> = ReturnType<typeof Promise.withResolvers<IteratorResult<T, void>>>;

/** A bounded queue with one producer and any number of waiting reads. After an overflow the next read throws. */
export class EventQueue<T extends object> {
  #values: T[] = [];
  #readers: Reader<T>[] = [];
  #failure: LibvirtError | null = null;
  #over = false;
  readonly #limit: number;

  constructor(limit = MAX_EVENTS_WAITING) {
    this.#limit = limit;
  }

  get over(): boolean {
    return this.#over;
  }

  push(value: T): void {
    if (this.#over) return;
    const reader = this.#readers.shift();
    if (reader !== undefined) reader.resolve({ done: false, value });
    else if (this.#values.length < this.#limit) this.#values.push(value);
    else this.overflow();
  }

  /** No more events come; those in the queue are still read. */
  end(): void {
    this.#finish(null);
  }

  /** No more events come; after those in the queue one read throws `error`. */
  fail(error: LibvirtError): void {
    this.#finish(error);
  }

  /** Events were lost: the queue is dropped, and the next read throws. */
  overflow(): void {
    this.#values = [];
    const text = `More than ${this.#limit} events waited to be read. Read the state again, then subscribe again.`;
    this.#finish(new LibvirtError('EVENTS_OVERFLOW', text));
  }

  next(): Promise<IteratorResult<T, void>> {
    const [value] = this.#values;
    if (value !== undefined) {
      this.#values.shift();
      return Promise.resolve({ done: false, value });
    }
    if (!this.#over) {
      const reader: Reader<T> = Promise.withResolvers();
      this.#readers.push(reader);
      return reader.promise;
    }
    const failure = this.#failure;
    this.#failure = null;
    return failure === null ? Promise.resolve({ done: true, value: undefined }) : Promise.reject(failure);
  }

  #finish(failure: LibvirtError | null): void {
    if (this.#over) return;
    this.#over = true;
    const readers = this.#readers;
    this.#readers = [];
    this.#failure = failure;
    for (const reader of readers) this.next().then(reader.resolve, reader.reject);
  }
}
