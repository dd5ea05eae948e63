import type { Runtime } from './runtime.ts';

declare global {
  // Next gives pages, route handlers and instrumentation module instances of their own. They share this.
  var backchain: Promise<Runtime> | undefined;
}

/**
 * The runtime of this process, which `instrumentation.ts` starts. Its code is imported there only: every page and route would
 * otherwise have the whole server in its own bundle.
 */
export function runtime(): Promise<Runtime> {
  if (globalThis.backchain === undefined) throw new Error('The server has not started its runtime');
  return globalThis.backchain;
}
