import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';

/**
 * Whether this process is the only one that holds `socket`, a path of a unix socket. Held until the process ends; what
 * a killed one left behind holds nothing.
 */
export async function isOnlyOne(socket: string): Promise<boolean> {
  if (await answers(socket)) return false;
  await rm(socket, { force: true });
  const server = createServer((connection) => connection.destroy());
  server.listen(socket);
  await once(server, 'listening');
  server.unref();
  return true;
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const client = connect(socket);
    client.once('connect', () => {
      client.destroy();
      resolve(true);
    });
    client.once('error', () => resolve(false));
  });
}
