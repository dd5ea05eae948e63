import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { freePort, wantedPort } from './port.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Takes a port on all addresses or on one; resolves to which, or rejects where it is taken. */
async function take(port: number, address = '127.0.0.1'): Promise<number> {
  const server = createServer();
  server.listen(port, address);
  await once(server, 'listening');
  servers.push(server);
  const { port: taken }: AddressInfo | { port: 0 } = addressOf(server);
  return taken;
}

function addressOf(server: Server): AddressInfo | { port: 0 } {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address : { port: 0 };
}

test('a free port is used as wanted', async () => {
  const port = await take(0);
  servers.splice(0).forEach((server) => {
    server.close();
  });
  expect(await freePort(port)).toBe(port);
  // It was only tried, and is still free.
  expect(await take(port)).toBe(port);
});

test.each(['127.0.0.1', '0.0.0.0'])('a port that is in use on %s is skipped', async (address) => {
  const port = await take(0, address);
  const found = await freePort(port);
  expect(found).toBeGreaterThan(port);
  expect(await take(found)).toBe(found);
});

test('no port beyond the last is tried, and the error says what to do', async () => {
  await take(65_535);
  await expect(freePort(65_535)).rejects.toThrow(
    'None of the ports 65535 to 65535 is free. Name another, such as PORT=8080.',
  );
});

test('PORT names a port, or the default is used', () => {
  expect(wantedPort(undefined)).toBe(3000);
  expect(wantedPort('')).toBe(3000);
  expect(wantedPort('8080')).toBe(8080);
  expect(wantedPort('65535')).toBe(65_535);
});

test.each(['web', '0', '65536', '-1', '80a', '3000.5', ' '])(
  'PORT=%j is refused with a sentence',
  (value) => {
    expect(() => wantedPort(value)).toThrow(
      `PORT is “${value}”, which is not a port. Name one from 1 to 65535`,
    );
  },
);
