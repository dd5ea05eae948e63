import type { GuestRef } from '../model/fleet/disk.ts';
import type { StreamEvent } from '../model/operation/stream-event.ts';

export interface Numbered {
  /** The journal's, 0 for what is not in it. */
  readonly id: number;
  readonly event: StreamEvent;
}

export interface BroadcastParts {
  /** The revision of the fleet as it is now. */
  revision(): string;
  /** Id of the journal's newest entry. */
  newest(): Promise<number>;
  /** The operations that changed after a journal entry, each with its newest entry's id. */
  operationsSince(id: number): Promise<readonly Numbered[]>;
  /** The newest sample of every running job. */
  progress(): readonly StreamEvent[];
  /** Called for as long as somebody looks at a guest; returns how to stop. */
  watch(guest: GuestRef): () => void;
}

/** More than this behind, and a browser does better to begin anew. */
const LONGEST_QUEUE = 5000;

/** Joins what the fleet and the operations tell into one stream for each browser. */
export class Broadcast {
  readonly #parts: BroadcastParts;
  readonly #streams = new Set<(numbered: Numbered) => void>();

  constructor(parts: BroadcastParts) {
    this.#parts = parts;
  }

  newest(): Promise<number> {
    return this.#parts.newest();
  }

  tell(event: StreamEvent, id = 0): void {
    for (const push of this.#streams) push({ id, event });
  }

  /**
   * Subscribes first, then replays since the last event that the browser has, so that nothing falls between; what
   * comes twice is a whole state each time, and does no harm. Ends when the reader falls too far behind: the browser
   * then connects again.
   */
  async *stream(options: {
    since: number | null;
    views: readonly GuestRef[];
    signal: AbortSignal;
  }): AsyncGenerator<Numbered, void, void> {
    const { since, views, signal } = options;
    const queue: Numbered[] = [];
    let wake = () => {};
    const push = (numbered: Numbered) => {
      // A reader that is too far behind is not kept in memory; the loop below ends.
      if (queue.length <= LONGEST_QUEUE) queue.push(numbered);
      wake();
    };
    const aborted = () => wake();
    signal.addEventListener('abort', aborted);
    this.#streams.add(push);
    const unwatch = views.map((guest) => this.#parts.watch(guest));
    try {
      const id = since ?? (await this.#parts.newest());
      yield { id, event: { kind: 'hello', revision: this.#parts.revision() } };
      if (since !== null) yield* await this.#parts.operationsSince(since);
      for (const event of this.#parts.progress()) yield { id: 0, event };
      while (!signal.aborted && queue.length <= LONGEST_QUEUE) {
        const next = queue.shift();
        if (next !== undefined) yield next;
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      for (const stop of unwatch) stop();
      this.#streams.delete(push);
      signal.removeEventListener('abort', aborted);
    }
  }
}
