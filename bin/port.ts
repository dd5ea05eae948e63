import { once } from 'node:events';
import { createServer } from 'node:net';

const DEFAULT = 3000;
const LAST = 65_535;
const TRIED = 50;

/** The port in `PORT`, or the default. Throws a sentence for the user where it is not a port. */
export function wantedPort(value: string | undefined): number {
  if (value === undefined || value === '') return DEFAULT;
  const port = /^\d+$/.test(value) ? Number(value) : 0;
  if (port >= 1 && port <= LAST) return port;
  throw new Error(`PORT is “${value}”, which is not a port. Name one from 1 to ${LAST}, such as PORT=8080.`);
}

/** The wanted port on 127.0.0.1, or the next free one. Rejects with a sentence for the user where there is none. */
export async function freePort(wanted: number): Promise<number> {
  const last = Math.min(wanted + TRIED - 1, LAST);
  for (let port = wanted; port <= last; port++) if (await isFree(port)) return port;
  throw new Error(`None of the ports ${wanted} to ${last} is free. Name another, such as PORT=8080.`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') return false;
    if (code === 'EACCES')
      throw new Error(`Port ${port} is not open to this user. Name another, such as PORT=8080.`);
    throw error;
  } finally {
    server.close();
  }
}
