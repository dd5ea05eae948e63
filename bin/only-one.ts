import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Claims `name`, of up to a hundred bytes, for this process, and says whether no other process on this machine has it. The
 * claim lasts until the process ends, however it ends: the name is a unix socket's in Linux's abstract namespace, which
 * leaves no file behind and which only one process gets.
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
