import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { expect, it, vi } from 'vitest';
import { CLIENT_ADDRESS, stampClientAddresses } from './client-address.ts';
import { openTestAuth, post } from './testing.ts';

// Hashing passwords takes time, on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

/** A real server on a free port of this machine. */
async function serve(answer: (request: IncomingMessage) => Promise<number>) {
  const server = createServer(async (request, response) => {
    response.statusCode = await answer(request);
    response.end(String(request.headers[CLIENT_ADDRESS]));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const invented = { 'x-forwarded-for': '203.0.113.9', [CLIENT_ADDRESS]: '203.0.113.9' };

it('is the address of the socket, whatever the client writes', async () => {
  using _stamping = stampClientAddresses({ behindProxies: false });
  await using server = await serve(async () => 200);
  const response = await fetch(server.url, { headers: invented });
  expect(await response.text()).toBe('127.0.0.1');
});

it('ends the chain of trusted proxies', async () => {
  using _stamping = stampClientAddresses({ behindProxies: true });
  await using server = await serve(async () => 200);
  expect(await (await fetch(server.url, { headers: invented })).text()).toBe('203.0.113.9, 127.0.0.1');
  expect(await (await fetch(server.url)).text()).toBe('127.0.0.1');
});

it.each([
  ['no proxy is trusted', [], [401, 401, 401, 401, 401, 401, 401, 401, 429, 429]],
  ['the client is a trusted proxy', ['127.0.0.0/8'], Array.from({ length: 10 }, () => 401)],
])('rules the rate limit: %s', async (_, trustedProxies, expected) => {
  using _stamping = stampClientAddresses({ behindProxies: trustedProxies.length > 0 });
  await using opened = await openTestAuth({ trustedProxies });
  await using server = await serve(async ({ headers }) => {
    const stamped = { [CLIENT_ADDRESS]: String(headers[CLIENT_ADDRESS]) };
    const guess = { username: 'admin', password: 'a guess of a password' };
    return (await opened.auth.handler(post('/sign-in/username', guess, stamped))).status;
  });
  const statuses: number[] = [];
  for (let i = 1; i <= 10; i++) {
    const headers = { 'x-forwarded-for': `203.0.113.${i}`, [CLIENT_ADDRESS]: `203.0.113.${i}` };
    statuses.push((await fetch(server.url, { headers })).status);
  }
  expect(statuses).toEqual(expected);
});
