import type { EventStream } from '../server/libvirt/index.ts';
import { eventually } from './eventually.ts';
import type { Bench } from './row.ts';

export interface EventLog<T> {
  /** When, in milliseconds since 1970, the first event that fits arrived, of those since the last `clear`. */
  first(what: string, fits: (event: T) => boolean): Promise<{ event: T; at: number }>;
  clear(): void;
}

/** Notes when events arrive, beside the dashboard and independent of it. */
export async function logEvents<T>(
  { stack }: Bench,
  open: (signal: AbortSignal) => EventStream<T>,
): Promise<EventLog<T>> {
  const ended = new AbortController();
  const stream = open(ended.signal);
  await stream.start();
  let log: { event: T; at: number }[] = [];
  const reading = (async () => {
    for await (const event of stream) log.push({ event, at: Date.now() });
  })();
  stack.defer(async () => {
    ended.abort();
    await reading;
  });
  return {
    first: (what, fits) => eventually(what, () => log.find(({ event }) => fits(event))),
    clear() {
      log = [];
    },
  };
}
