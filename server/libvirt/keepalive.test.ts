import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Keepalive } from './keepalive.ts';
import { Program } from './procedures.ts';
import { Rpc } from './rpc.ts';
import { fixture } from './testing/fixture.ts';
import { DaemonEnd, wire } from './testing/wire.ts';
import { struct } from './xdr/composites.ts';

const nothing = struct({});
const [PING, PONG] = [1, 2];

let daemon: DaemonEnd;
let rpc: Rpc;
let keepalive: Keepalive;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const ends = wire();
  daemon = new DaemonEnd(ends.daemon);
  rpc = new Rpc(ends.client, (frame) => keepalive.receive(frame));
  keepalive = new Keepalive(rpc, ends.client);
});

afterEach(() => {
  vi.useRealTimers();
});

const afterwards = () =>
  new Promise((resolve) => setImmediate(() => setImmediate(() => setImmediate(resolve))));

it('answers a ping, started or not', async () => {
  daemon.stream.write(fixture('keepalive-ping'));
  expect(await daemon.take()).toMatchObject({
    ...{ program: Program.KEEPALIVE, version: 1, procedure: PONG, type: 2, serial: 0, status: 0 },
    body: Buffer.alloc(0),
  });
});

it('pings a daemon that is silent, and accepts any answer', async () => {
  keepalive.start();
  for (let round = 0; round < 5; round++) {
    vi.advanceTimersByTime(10_000);
    expect(await daemon.take()).toMatchObject({ program: Program.KEEPALIVE, procedure: PING });
    daemon.message(Program.KEEPALIVE, PONG, nothing, {});
    await afterwards();
  }
  expect(rpc.reason).toBeNull();
});

it('does not ping a daemon that sends something', async () => {
  keepalive.start();
  for (let round = 0; round < 5; round++) {
    daemon.message(Program.KEEPALIVE, PONG, nothing, {});
    await afterwards();
    vi.advanceTimersByTime(5000);
  }
  await afterwards();
  expect(daemon.untaken).toBe(0);
});

it('ends the connection after three pings without an answer', async () => {
  keepalive.start();
  vi.advanceTimersByTime(20_000);
  expect(rpc.reason).toBeNull();
  vi.advanceTimersByTime(5000);
  await expect(rpc.closed).resolves.toMatchObject({ code: 'KEEPALIVE_TIMEOUT' });
  expect(vi.getTimerCount()).toBe(0);
});

it('leaves no timer behind when the connection ends', async () => {
  keepalive.start();
  daemon.stream.destroy();
  await rpc.closed;
  await afterwards();
  expect(vi.getTimerCount()).toBe(0);
});

it('ends the connection on any other procedure', async () => {
  daemon.message(Program.KEEPALIVE, 3, nothing, {});
  await expect(rpc.closed).resolves.toMatchObject({ code: 'PROTOCOL_ERROR' });
});
