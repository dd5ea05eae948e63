import { setTimeout as delay } from 'node:timers/promises';
import type { Page, Request } from '@playwright/test';

const QUIET_MS = 500;

/**
 * Counts the bytes of script that a page loads from now on, as transferred. The returned function waits until no script
 * has been asked for in half a second; that the network is idle would never come, with a stream open.
 */
export function scriptBytes(page: Page): () => Promise<number> {
  const asked: Request[] = [];
  page.on('request', (request) => {
    if (request.resourceType() === 'script') asked.push(request);
  });
  return async () => {
    let counted = -1;
    while (counted !== asked.length) {
      counted = asked.length;
      await delay(QUIET_MS);
    }
    // Sizes are known when a response has come whole; asking for them waits for that.
    const sizes = await Promise.all(asked.map((request) => request.sizes()));
    return sizes.reduce((sum, { responseBodySize }) => sum + responseBodySize, 0);
  };
}
