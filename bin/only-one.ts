import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Whether this process is the only one on this machine that holds `name`, up to a hundred bytes. Held until the process
 * ends, however it ends: the name is a unix socket's in Linux's abstract namespace, which leaves no file behind and which
 * of two that come at once only one gets.
 */
export async function isOnlyOne(name: string): Promise<boolean> {
  const server = createServer((connection) => connection.destroy());
  try {
    server.listen(`\0${name}`);
    await once(server, 'listening');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return false;
    throw error;
  }
  server.unref();
  return true;
}
