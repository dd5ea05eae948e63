import { beforeEach, describe, expect, it } from 'vitest';
import { LibvirtError } from './errors.ts';
import type { Frame } from './frame.ts';
import { MAX_FRAME } from './limits.ts';
import { Program, table } from './procedures.ts';
import { Rpc } from './rpc.ts';
import { errorBody } from './shapes.ts';
import { fixture } from './testing/fixture.ts';
import { DaemonEnd, wire } from './testing/wire.ts';
import { struct } from './xdr/composites.ts';
import { string, uhyper, uint } from './xdr/scalars.ts';

const nothing = struct({});
const lookup = table.STORAGE_VOL_LOOKUP_BY_PATH;
const volume = (name: string) => ({ pool: 'p', name, key: `/${name}` });
const volumeBody = struct({ pool: string, name: string, key: string });

let daemon: DaemonEnd;
let rpc: Rpc;
let messages: Frame[];

beforeEach(() => {
  const ends = wire();
  daemon = new DaemonEnd(ends.daemon);
  messages = [];
  rpc = new Rpc(ends.client, (frame) => messages.push(frame));
});

const coded = (code: string) => expect.objectContaining({ code });
const afterwards = () =>
  new Promise((resolve) => setImmediate(() => setImmediate(() => setImmediate(resolve))));

describe('replies', () => {
  it('reach their calls in any order', async () => {
    const calls = ['a', 'b', 'c'].map((path) => rpc.call(lookup, { path }));
    const frames = [await daemon.take(), await daemon.take(), await daemon.take()];
    for (const [i, frame] of [...frames.entries()].reverse()) {
      daemon.reply(frame, volumeBody, volume(String(i)));
    }
    expect(await Promise.all(calls)).toEqual([volume('0'), volume('1'), volume('2')]);
  });

  it('that are errors reject with libvirt’s code and text', async () => {
    const call = rpc.call(lookup, { path: '/x' });
    const error = {
      ...{ code: 50, domain: 18, message: 'no such volume', level: 2, guest: null },
      ...{ str1: null, str2: null, str3: null, int1: 0, int2: 0, network: null },
    };
    daemon.reply(await daemon.take(), errorBody, error, { status: 1 });
    await expect(call).rejects.toMatchObject({
      code: 'LIBVIRT_NO_STORAGE_VOL',
      libvirtCode: 50,
      libvirtDomain: 18,
      message: 'no such volume',
    });
  });

  it('of another shape reject their own call only', async () => {
    const short = rpc.call(lookup, { path: '/x' });
    const long = rpc.call(table.CONNECT_GET_LIB_VERSION, {});
    daemon.reply(await daemon.take(), nothing, {});
    daemon.reply(await daemon.take(), struct({ version: uhyper, more: uint }), { version: 1, more: 2 });
    await expect(short).rejects.toEqual(coded('MALFORMED_BODY'));
    await expect(long).rejects.toEqual(coded('MALFORMED_BODY'));
    expect(rpc.reason).toBeNull();
  });
});

describe('calls in flight', () => {
  it('are four, and the rest wait in order', async () => {
    const calls = Array.from({ length: 7 }, (_, i) => rpc.call(lookup, { path: `/${i}` }));
    const first = [await daemon.take(), await daemon.take(), await daemon.take(), await daemon.take()];
    await afterwards();
    expect(daemon.untaken).toBe(0);
    for (const frame of first.toReversed()) daemon.reply(frame, volumeBody, volume('x'));
    for (const path of ['/4', '/5', '/6']) {
      const frame = await daemon.take();
      expect(frame.body.subarray(4, 6).toString()).toBe(path);
      daemon.reply(frame, volumeBody, volume('y'));
    }
    expect(await Promise.all(calls)).toHaveLength(7);
  });

  it('stay in flight after an abort until their reply comes', async () => {
    const controller = new AbortController();
    const given = Array.from({ length: 4 }, () => rpc.call(lookup, { path: '/x' }, controller.signal));
    const rejections = Promise.all(given.map((call) => expect(call).rejects.toEqual(coded('ABORTED'))));
    const next = rpc.call(table.CONNECT_GET_LIB_VERSION, {});
    controller.abort();
    await rejections;
    const late = [await daemon.take(), await daemon.take(), await daemon.take(), await daemon.take()];
    await afterwards();
    expect(daemon.untaken).toBe(0);
    for (const frame of late) daemon.reply(frame, volumeBody, volume('late'));
    daemon.reply(await daemon.take(), uhyper, 9_000_000n);
    expect(await next).toBe(9_000_000n);
    expect(rpc.reason).toBeNull();
  });

  it('never begin when they are aborted while they wait', async () => {
    const controller = new AbortController();
    const busy = Array.from({ length: 4 }, () => rpc.call(table.CONNECT_GET_LIB_VERSION, {}));
    const waiting = rpc.call(lookup, { path: '/never' }, controller.signal);
    controller.abort();
    await expect(waiting).rejects.toEqual(coded('ABORTED'));
    for (let i = 0; i < 4; i++) daemon.reply(await daemon.take(), uhyper, 1n);
    await Promise.all(busy);
    await afterwards();
    expect(daemon.untaken).toBe(0);
  });

  it('are not made on a signal that was aborted before', async () => {
    await expect(rpc.call(lookup, { path: '/x' }, AbortSignal.abort())).rejects.toEqual(coded('ABORTED'));
    await afterwards();
    expect(daemon.untaken).toBe(0);
  });

  it('are not made with arguments that can’t be sent', async () => {
    await expect(rpc.call(lookup, { path: '/a\0b' })).rejects.toEqual(coded('BAD_ARGUMENT'));
    await afterwards();
    expect(daemon.untaken).toBe(0);
    expect(rpc.reason).toBeNull();
  });
});

describe('the connection ends, and every call with it,', () => {
  const pendingCalls = () => {
    const calls = Array.from({ length: 6 }, () => rpc.call(lookup, { path: '/x' }));
    return (code: string) =>
      Promise.all([
        ...calls.map((call) => expect(call).rejects.toEqual(coded(code))),
        expect(rpc.closed).resolves.toEqual(coded(code)),
      ]);
  };

  it('when the daemon closes it', async () => {
    const all = pendingCalls();
    daemon.stream.end();
    await all('CONNECTION_LOST');
  });

  it('when the daemon is gone', async () => {
    const all = pendingCalls();
    daemon.stream.destroy();
    await all('CONNECTION_LOST');
  });

  it('on a reply to no call', async () => {
    const all = pendingCalls();
    daemon.reply(await daemon.take(), volumeBody, volume('x'), { serial: 99 });
    await all('PROTOCOL_ERROR');
  });

  it('on a reply of another procedure', async () => {
    const all = pendingCalls();
    daemon.reply(await daemon.take(), nothing, {}, { procedure: 1 });
    await all('PROTOCOL_ERROR');
  });

  it.each([
    ['version', { version: 2 }],
    ['type', { type: 3 }],
    ['status', { status: 2 }],
  ])('on an unknown %s', async (_, over) => {
    const all = pendingCalls();
    daemon.reply(await daemon.take(), nothing, {}, over);
    await all('PROTOCOL_ERROR');
  });

  it('on a frame that is too large', async () => {
    const all = pendingCalls();
    const length = Buffer.alloc(4);
    length.writeUInt32BE(MAX_FRAME + 1);
    daemon.stream.write(length);
    await all('FRAME_TOO_LARGE');
  });

  it('in the middle of a frame', async () => {
    const all = pendingCalls();
    daemon.stream.end(fixture('job-stats-reply').subarray(0, 100));
    await all('CONNECTION_LOST');
  });

  it('when the handler of messages throws', async () => {
    const ends = wire();
    daemon = new DaemonEnd(ends.daemon);
    rpc = new Rpc(ends.client, () => {
      throw new LibvirtError('PROTOCOL_ERROR', 'no');
    });
    const all = pendingCalls();
    daemon.message(Program.REMOTE, 318, nothing, {});
    await all('PROTOCOL_ERROR');
  });

  it('for the first reason, which later calls are rejected with too', async () => {
    rpc.end(new LibvirtError('CONNECTION_CLOSED', 'first'));
    rpc.end(new LibvirtError('PROTOCOL_ERROR', 'second'));
    await expect(rpc.closed).resolves.toMatchObject({ message: 'first' });
    await expect(rpc.call(lookup, { path: '/x' })).rejects.toMatchObject({ message: 'first' });
  });
});

it('messages go to the handler', async () => {
  daemon.stream.write(fixture('lifecycle-event'));
  daemon.stream.write(fixture('block-job-event'));
  await afterwards();
  expect(messages.map((frame) => frame.procedure)).toEqual([318, 339]);
});
