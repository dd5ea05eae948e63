import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LibvirtError } from './errors.ts';
import { eventKinds } from './event-kinds.ts';
import { eventStreams } from './event-streams.ts';
import { type Frame, FrameReader, MessageType, Status } from './frame.ts';
import { MAX_FRAME } from './limits.ts';
import { type Procedure, procedures } from './procedures.ts';
import { decode, violation } from './rpc.ts';
import { startSession } from './session.ts';
import { errorBody } from './shapes.ts';
import { fixture, fixtureNames } from './testing/fixture.ts';
import { below, mutate, pick, type Random, randomFrom } from './testing/mutate.ts';
import { DaemonEnd, wire } from './testing/wire.ts';
import type { Decoder } from './xdr/codec.ts';
import { int } from './xdr/scalars.ts';

const FRAMES = 120_000;
const CONVERSATIONS = 3_000;
/** Another one by FUZZ_SEED; a failure prints the one it had. */
const seed = Number(process.env.FUZZ_SEED ?? 20_261_122);

const fixtures = fixtureNames().map(fixture);

/** What a frame's body should be, by its header. */
const decoders = new Map<string, Decoder<unknown>>();
for (const { program, number, args, result } of Object.values(procedures)) {
  decoders.set(`${program}:${number}:${MessageType.CALL}`, args);
  decoders.set(`${program}:${number}:${MessageType.REPLY}`, result);
}
for (const { program, procedure, body } of Object.values(eventKinds)) {
  const withCallback: Decoder<unknown> = { read: (reader) => [int.read(reader), body.read(reader)] };
  decoders.set(`${program}:${procedure}:${MessageType.MESSAGE}`, withCallback);
}

function read(frame: Frame): unknown {
  if (frame.type === MessageType.REPLY && frame.status === Status.ERROR) return decode(frame.body, errorBody);
  const decoder = decoders.get(`${frame.program}:${frame.procedure}:${frame.type}`);
  if (decoder === undefined) throw violation('an unknown procedure');
  return decode(frame.body, decoder);
}

function split(random: Random, bytes: Buffer): Buffer[] {
  const chunks = [];
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + below(random, random() < 0.1 ? 3 : bytes.length);
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

/** The largest buffer that was asked for. */
let largest = 0;
const { concat, allocUnsafe, alloc } = Buffer;

beforeEach(() => {
  largest = 0;
  const note = (size: number) => {
    largest = Math.max(largest, size);
  };
  Buffer.concat = (list, length) => {
    note(length ?? 0);
    return concat(list, length);
  };
  Buffer.allocUnsafe = (size) => {
    note(size);
    return allocUnsafe(size);
  };
  Buffer.alloc = (size, fill, encoding) => {
    note(size);
    return alloc(size, fill, encoding);
  };
});

afterEach(() => {
  Object.assign(Buffer, { concat, allocUnsafe, alloc });
});

describe(`with the seed ${seed}`, () => {
  it(`${FRAMES} mutated frames end in values or coded errors`, () => {
    const random = randomFrom(seed);
    const ends = { value: 0, error: 0, incomplete: 0 };
    for (let i = 0; i < FRAMES; i++) {
      const bytes = mutate(random, pick(random, fixtures), fixtures);
      const reader = new FrameReader();
      let frames = 0;
      try {
        for (const chunk of split(random, bytes)) {
          for (const frame of reader.push(chunk)) {
            frames++;
            read(frame);
          }
        }
        ends[frames > 0 ? 'value' : 'incomplete']++;
      } catch (error) {
        if (!(error instanceof LibvirtError))
          throw new Error(`seed ${seed}, frame ${i}: ${bytes.toString('hex')}`, { cause: error });
        ends.error++;
      }
    }
    expect(largest).toBeLessThanOrEqual(MAX_FRAME);
    // All three ends are reached often, or the mutations have lost their edge.
    for (const count of Object.values(ends)) expect(count).toBeGreaterThan(FRAMES / 50);
  }, 120_000);

  it(`${CONVERSATIONS} conversations with a broken daemon end, and all their calls with them`, async () => {
    const random = randomFrom(seed + 1);
    const replies = fixtures.filter((bytes) => bytes.readUInt32BE(16) === MessageType.REPLY);
    const others = fixtures.filter((bytes) => bytes.readUInt32BE(16) === MessageType.MESSAGE);
    const nothingSent: Procedure<null, unknown>['args'] = { write: () => undefined };
    for (let i = 0; i < CONVERSATIONS; i++) {
      const ends = wire();
      const daemon = new DaemonEnd(ends.daemon);
      const { rpc, events } = startSession(ends.client);
      const streamed = eventStreams(events).lifecycle().next();
      const calls: Promise<unknown>[] = [streamed];
      const sent: Buffer[] = [];
      for (let serial = 2; serial < 5; serial++) {
        const bytes = Buffer.from(pick(random, replies));
        bytes.writeUInt32BE(serial, 20);
        const [frame] = new FrameReader().push(bytes);
        if (frame === undefined) throw new Error('a fixture without a frame');
        const result = decoders.get(`${frame.program}:${frame.procedure}:${MessageType.REPLY}`);
        if (result === undefined) throw new Error('a fixture of no known procedure');
        const { program, procedure: number } = frame;
        calls.push(rpc.call({ program, number, args: nothingSent, result }, null));
        sent.push(random() < 0.5 ? bytes : mutate(random, bytes, fixtures), pick(random, others));
      }
      const settled = Promise.allSettled(calls);
      for (const chunk of split(random, Buffer.concat(sent))) daemon.stream.write(chunk);
      daemon.stream.end();
      const what = `seed ${seed}, conversation ${i}`;
      expect(await rpc.closed, what).toBeInstanceOf(LibvirtError);
      for (const end of await settled) {
        if (end.status === 'rejected') expect(end.reason, what).toBeInstanceOf(LibvirtError);
      }
    }
    expect(largest).toBeLessThanOrEqual(MAX_FRAME);
  }, 120_000);
});
