import { beforeEach, expect, it } from 'vitest';
import { authenticate } from './authentication.ts';
import { procedures } from './procedures.ts';
import { Rpc } from './rpc.ts';
import { errorBody } from './shapes.ts';
import { DaemonEnd, wire } from './testing/wire.ts';
import { list } from './xdr/composites.ts';
import { int } from './xdr/scalars.ts';

let daemon: DaemonEnd;
let rpc: Rpc;

beforeEach(() => {
  const ends = wire();
  daemon = new DaemonEnd(ends.daemon);
  rpc = new Rpc(ends.client, () => undefined);
});

async function offer(...kinds: number[]) {
  const call = await daemon.take();
  expect(call.procedure).toBe(procedures.AUTH_LIST.number);
  daemon.reply(call, list(int), kinds);
}

it('sends nothing more to a daemon that needs no authentication', async () => {
  const done = authenticate(rpc);
  await offer(0, 2);
  await done;
  expect(daemon.untaken).toBe(0);
});

it('authenticates by polkit', async () => {
  const done = authenticate(rpc);
  await offer(2);
  const call = await daemon.take();
  expect(call.procedure).toBe(procedures.AUTH_POLKIT.number);
  daemon.reply(call, int, 1);
  await done;
});

it('says what to do when polkit refuses', async () => {
  const done = authenticate(rpc);
  await offer(2);
  const error = {
    ...{ code: 45, domain: 7, message: 'access denied by policy', level: 2, guest: null },
    ...{ str1: null, str2: null, str3: null, int1: 0, int2: 0, network: null },
  };
  daemon.reply(await daemon.take(), errorBody, error, { status: 1 });
  await expect(done).rejects.toMatchObject({
    code: 'AUTH_FAILED',
    message: expect.stringMatching(/access denied by policy.*group libvirt/),
  });
});

it('says what to do when the daemon wants SASL', async () => {
  const done = authenticate(rpc);
  await offer(1);
  await expect(done).rejects.toMatchObject({
    code: 'AUTH_UNSUPPORTED',
    message: expect.stringMatching(/SASL.*ssh/),
  });
});
