/** The origins under which browsers may reach the dashboard, such as `http://127.0.0.1:3000`. */
export interface Origins {
  /** The one that links are made with. */
  readonly base: string;
  readonly all: readonly string[];
}

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * This machine's own names at `PORT` (3000 by default), and before them those of `BACKCHAIN_ORIGIN`, comma-separated.
 * Throws where one of these is not an origin: a misspelt one would lock everybody out without an error.
 */
export function originsOf(env: NodeJS.ProcessEnv): Origins {
  const own = (env.BACKCHAIN_ORIGIN ?? '')
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map(originFrom);
  const loopback = LOOPBACK.map((host) => new URL(`http://${host}:${env.PORT || 3000}`).origin);
  const all = [...new Set([...own, ...loopback])];
  return { base: all[0] ?? '', all };
}

/** The origin that a Host header names; `null` for an unknown one. */
export function originOfHost(origins: Origins, host: string | null): string | null {
  return origins.all.find((origin) => new URL(origin).host === host?.toLowerCase()) ?? null;
}

function originFrom(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol) || `${url.origin}/` !== url.href) {
    throw new Error(
      `BACKCHAIN_ORIGIN holds "${text}", which is not an origin. Write it like https://backchain.example.org, without a path.`,
    );
  }
  return url.origin;
}
