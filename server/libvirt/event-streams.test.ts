import { beforeEach, describe, expect, it } from 'vitest';
import { LibvirtError } from './errors.ts';
import { eventKinds } from './event-kinds.ts';
import { type Events, eventStreams } from './event-streams.ts';
import type { Frame } from './frame.ts';
import { MAX_EVENTS_WAITING } from './limits.ts';
import { Program, procedures } from './procedures.ts';
import { type Session, startSession } from './session.ts';
import { domain } from './shapes.ts';
import { DaemonEnd, wire } from './testing/wire.ts';
import { struct } from './xdr/composites.ts';
import { int, string } from './xdr/scalars.ts';

const guest = { name: 'g1', uuid: new Uint8Array(16), id: 1 };
const nothing = struct({});
const lifecycleBody = struct({ callback: int, domain, event: int, detail: int });
const register = procedures.CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY;
const deregister = procedures.CONNECT_DOMAIN_EVENT_CALLBACK_DEREGISTER_ANY;

let daemon: DaemonEnd;
let session: Session;
let events: Events;

beforeEach(() => {
  const ends = wire();
  daemon = new DaemonEnd(ends.daemon);
  session = startSession(ends.client);
  events = eventStreams(session.events);
});

const lifecycle = (callback: number, event: number) => {
  const { program, procedure } = eventKinds.lifecycle;
  daemon.message(program, procedure, lifecycleBody, { callback, domain: guest, event, detail: 0 });
};

async function expectCall(number: number): Promise<Frame> {
  const frame = await daemon.take();
  expect(frame.procedure).toBe(number);
  return frame;
}

async function acceptRegistration(callback: number): Promise<void> {
  daemon.reply(await expectCall(register.number), int, callback);
}

async function acceptDeregistration(): Promise<void> {
  daemon.reply(await expectCall(deregister.number), nothing, {});
}

const afterwards = () =>
  new Promise((resolve) => setImmediate(() => setImmediate(() => setImmediate(resolve))));

describe('a stream of events', () => {
  it('registers on the first iteration and deregisters when the loop is left', async () => {
    await afterwards();
    expect(daemon.untaken).toBe(0);
    const reading = (async () => {
      const seen = [];
      for await (const { event } of events.lifecycle()) {
        seen.push(event);
        if (seen.length === 2) break;
      }
      return seen;
    })();
    await acceptRegistration(7);
    lifecycle(7, 2);
    lifecycle(7, 5);
    await acceptDeregistration();
    expect(await reading).toEqual([2, 5]);
  });

  it('is complete from `start` on', async () => {
    const stream = events.lifecycle();
    const started = stream.start();
    await acceptRegistration(7);
    await started;
    lifecycle(7, 1);
    expect((await stream.next()).value).toEqual({ domain: guest, event: 1, detail: 0 });
  });

  it('keeps events that come before the answer to the registration', async () => {
    const stream = events.lifecycle();
    const first = stream.next();
    const call = await expectCall(register.number);
    lifecycle(7, 1);
    lifecycle(8, 9);
    lifecycle(7, 2);
    daemon.reply(call, int, 7);
    lifecycle(7, 3);
    const seen = [await first, await stream.next(), await stream.next()];
    expect(seen.map(({ value }) => value?.event)).toEqual([1, 2, 3]);
  });

  it('ignores events of a stream that was left', async () => {
    const left = events.lifecycle();
    const started = left.start();
    await acceptRegistration(7);
    await started;
    const leaving = left.return?.();
    const call = await expectCall(deregister.number);
    lifecycle(7, 1);
    daemon.reply(call, nothing, {});
    await leaving;
    expect(session.rpc.reason).toBeNull();
  });

  it('ends without an error on an abort', async () => {
    const controller = new AbortController();
    const stream = events.lifecycle(controller.signal);
    const first = stream.next();
    await acceptRegistration(7);
    await afterwards();
    controller.abort();
    expect(await first).toEqual({ done: true, value: undefined });
    await acceptDeregistration();
  });

  it('deregisters when it is aborted during the registration', async () => {
    const controller = new AbortController();
    const first = events.lifecycle(controller.signal).next();
    const call = await expectCall(register.number);
    controller.abort();
    daemon.reply(call, int, 7);
    await acceptDeregistration();
    expect(await first).toEqual({ done: true, value: undefined });
  });

  it('does not register when it was aborted before', async () => {
    expect(await events.lifecycle(AbortSignal.abort()).next()).toEqual({ done: true, value: undefined });
    await afterwards();
    expect(daemon.untaken).toBe(0);
  });

  it('throws the reason when the connection ends, after what had come', async () => {
    const stream = events.lifecycle();
    const started = stream.start();
    await acceptRegistration(7);
    await started;
    lifecycle(7, 1);
    await afterwards();
    session.rpc.end(new LibvirtError('CONNECTION_LOST', 'gone'));
    expect((await stream.next()).value?.event).toBe(1);
    await expect(stream.next()).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('throws when the daemon refuses, and can register again', async () => {
    const refused = events.lifecycle().next();
    daemon.reply(await expectCall(register.number), nothing, {});
    await expect(refused).rejects.toMatchObject({ code: 'MALFORMED_BODY' });
    const started = events.lifecycle().start();
    await acceptRegistration(7);
    await started;
  });

  it('throws after an overflow, and deregisters', async () => {
    const stream = events.lifecycle();
    const started = stream.start();
    await acceptRegistration(7);
    await started;
    for (let i = 0; i <= MAX_EVENTS_WAITING; i++) lifecycle(7, 0);
    await acceptDeregistration();
    await expect(stream.next()).rejects.toMatchObject({ code: 'EVENTS_OVERFLOW' });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });
});

describe('two streams of a kind', () => {
  it('share one registration until the last one leaves', async () => {
    const [one, two] = [events.lifecycle(), events.lifecycle()];
    const started = Promise.all([one.start(), two.start()]);
    await acceptRegistration(7);
    await started;
    lifecycle(7, 4);
    expect((await one.next()).value?.event).toBe(4);
    expect((await two.next()).value?.event).toBe(4);
    await one.return?.();
    await afterwards();
    expect(daemon.untaken).toBe(0);
    const leaving = two.return?.();
    await acceptDeregistration();
    await leaving;
  });

  it('one after the other: the second registers when the first is deregistered', async () => {
    const one = events.lifecycle();
    const started = one.start();
    await acceptRegistration(7);
    await started;
    const leaving = one.return?.();
    const again = events.lifecycle().start();
    const call = await expectCall(deregister.number);
    await afterwards();
    expect(daemon.untaken).toBe(0);
    daemon.reply(call, nothing, {});
    await leaving;
    await acceptRegistration(8);
    await again;
  });
});

describe('the connection ends on an event', () => {
  it('of another shape', async () => {
    const stream = events.lifecycle();
    const started = stream.start();
    await acceptRegistration(7);
    await started;
    const { program, procedure } = eventKinds.lifecycle;
    daemon.message(program, procedure, struct({ callback: int, text: string }), { callback: 7, text: 'x' });
    await expect(session.rpc.closed).resolves.toMatchObject({ code: 'PROTOCOL_ERROR' });
    await expect(stream.next()).rejects.toMatchObject({ code: 'PROTOCOL_ERROR' });
  });

  it('of a kind that nobody asked for', async () => {
    daemon.message(Program.REMOTE, 4711, int, 1);
    await expect(session.rpc.closed).resolves.toMatchObject({ code: 'PROTOCOL_ERROR' });
  });
});
