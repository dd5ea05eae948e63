import type { GuestRef } from '../model/fleet/disk.ts';
import type { Operation, Progress } from '../model/operation/operation.ts';
import type { StreamEvent } from '../model/operation/stream-event.ts';

export interface Numbered {
  /** The journal's, 0 for what is not in it. */
  readonly id: number;
  readonly event: StreamEvent;
}

export interface BroadcastParts {
  /** The revision of the fleet as it is now. */
  revision(): string;
  readonly journal: {
    /** Id of the newest entry. */
    newest(): Promise<number>;
    /** The operations that changed after an entry, each with the id of its newest. */
    changedSince(id: number): Promise<readonly { readonly newest: number; readonly operation: Operation }[]>;
  };
  /** The newest sample of every running job. */
  progress(): readonly Progress[];
  /** Called for as long as a browser shows a guest; returns how to stop. */
  watch(guest: GuestRef): () => void;
}

/** A browser that is further behind than this does better to begin anew. */
const LONGEST_QUEUE = 5000;

/** Joins what happens to the fleet and to operations into one stream for each browser. */
export class Broadcast {
  readonly #parts: BroadcastParts;
  readonly #streams = new Set<(event: StreamEvent) => void>();

  constructor(parts: BroadcastParts) {
    this.#parts = parts;
  }

  newest(): Promise<number> {
    return this.#parts.journal.newest();
  }

  send(event: StreamEvent): void {
    for (const push of this.#streams) push(event);
  }

  /**
   * Subscribes first, then replays since the last event that the browser has, so that no event is lost between the two. An event
   * may arrive twice: a whole state replaces itself, and the browser drops an entry whose id it has. Ends when the reader falls too
   * far behind: the browser then connects again.
   */
  async *stream(options: {
    since: number | null;
    views: readonly GuestRef[];
    signal: AbortSignal;
  }): AsyncGenerator<Numbered, void, void> {
    const { since, views, signal } = options;
    const queue: StreamEvent[] = [];
    let wake = () => {};
    const push = (event: StreamEvent) => {
      // A reader that is too far behind is not kept in memory; the loop below ends.
      if (queue.length <= LONGEST_QUEUE) queue.push(event);
      wake();
    };
    const aborted = () => wake();
    signal.addEventListener('abort', aborted);
    this.#streams.add(push);
    const unwatch = views.map((guest) => this.#parts.watch(guest));
    try {
      const { journal } = this.#parts;
      const id = since ?? (await journal.newest());
      yield { id, event: { kind: 'hello', revision: this.#parts.revision() } };
      if (since !== null) {
        for (const changed of await journal.changedSince(since))
          yield numbered({ kind: 'operation', ...changed, added: null });
      }
      for (const progress of this.#parts.progress()) yield numbered({ kind: 'progress', progress });
      while (!signal.aborted && queue.length <= LONGEST_QUEUE) {
        const next = queue.shift();
        if (next !== undefined) yield numbered(next);
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

function numbered(event: StreamEvent): Numbered {
  return { id: event.kind === 'operation' ? event.newest : 0, event };
}
