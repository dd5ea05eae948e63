import { setTimeout as delay } from 'node:timers/promises';

const PAUSE_MS = 20;
const LONGEST_MS = 60_000;

/** The first answer of `read` that is not `undefined`. Throws after a minute, naming `what` did not come. */
export async function eventually<T>(
  what: string,
  read: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const until = performance.now() + LONGEST_MS;
  for (;;) {
    const found = await read();
    if (found !== undefined) return found;
    if (performance.now() > until) throw new Error(`${what} did not come within ${LONGEST_MS / 1000} s`);
    await delay(PAUSE_MS);
  }
}
