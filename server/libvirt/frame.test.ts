import { describe, expect, it } from 'vitest';
import { encodeFrame, type Frame, FrameReader } from './frame.ts';
import { MAX_FRAME } from './limits.ts';
import { fixture, fixtureNames } from './testing/fixture.ts';
import { struct } from './xdr/composites.ts';
import { opaque, string } from './xdr/scalars.ts';

function readAll(chunks: Buffer[]): Frame[] {
  const reader = new FrameReader();
  return chunks.flatMap((chunk) => [...reader.push(chunk)]);
}

const bytewise = (bytes: Buffer) => Array.from(bytes, (byte) => Buffer.of(byte));

function announce(length: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  return bytes;
}

describe.each(fixtureNames())('the frame %s', (name) => {
  const bytes = fixture(name);
  const whole = readAll([bytes]);

  it('is one frame that fills the fixture', () => {
    expect(whole).toHaveLength(1);
    expect(whole[0]?.body).toEqual(bytes.subarray(28));
    expect(whole[0]?.procedure).toBe(bytes.readUInt32BE(12));
  });

  it('reads the same byte by byte', () => {
    expect(readAll(bytewise(bytes))).toEqual(whole);
  });

  it('reads the same when split anywhere', () => {
    for (let at = 0; at <= bytes.length; at++) {
      expect(readAll([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole);
    }
  });
});

describe('several frames', () => {
  const all = fixtureNames().map(fixture);
  const joined = Buffer.concat(all);
  const apart = all.flatMap((bytes) => readAll([bytes]));

  it('are separated out of one chunk', () => {
    expect(readAll([joined])).toEqual(apart);
  });

  it('are separated byte by byte', () => {
    expect(readAll(bytewise(joined))).toEqual(apart);
  });

  it('are separated out of chunks that end inside the next length word', () => {
    for (let size = 1; size < 64; size++) {
      const chunks = [];
      for (let at = 0; at < joined.length; at += size) chunks.push(joined.subarray(at, at + size));
      expect(readAll(chunks)).toEqual(apart);
    }
  });
});

describe('a length', () => {
  it('beyond the limit is refused before its bytes come', () => {
    expect(() => readAll([announce(MAX_FRAME + 1)])).toThrow(
      expect.objectContaining({ code: 'FRAME_TOO_LARGE' }),
    );
    expect(() => readAll([announce(0xffff_ffff)])).toThrow(
      expect.objectContaining({ code: 'FRAME_TOO_LARGE' }),
    );
  });

  it('at the limit is accepted', () => {
    expect(readAll([announce(MAX_FRAME)])).toEqual([]);
  });

  it('shorter than a header is refused', () => {
    expect(() => readAll([announce(27)])).toThrow(expect.objectContaining({ code: 'FRAME_TOO_SMALL' }));
    expect(() => readAll([announce(0)])).toThrow(expect.objectContaining({ code: 'FRAME_TOO_SMALL' }));
  });

  it('that is wrong leaves the frames before it readable', () => {
    const reader = new FrameReader();
    const seen: Frame[] = [];
    expect(() => {
      for (const frame of reader.push(Buffer.concat([fixture('state-reply'), announce(3)]))) seen.push(frame);
    }).toThrow(expect.objectContaining({ code: 'FRAME_TOO_SMALL' }));
    expect(seen).toHaveLength(1);
  });
});

describe('what is written', () => {
  const header = { program: 1, procedure: 2, type: 0, serial: 3, status: 0 };

  it('is read back', () => {
    const bytes = encodeFrame(header, struct({ text: string }), { text: 'naïve 名' });
    const [frame] = readAll([bytes]);
    expect(frame).toMatchObject({ ...header, version: 1 });
    expect(bytes.readUInt32BE(0)).toBe(bytes.length);
  });

  it('grows with its body', () => {
    const data = Buffer.alloc(3_000_001, 7);
    const [frame] = readAll([encodeFrame(header, opaque, data)]);
    expect(frame?.body.subarray(4, 4 + data.length).equals(data)).toBe(true);
    expect([...(frame?.body.subarray(4 + data.length) ?? [])]).toEqual([0, 0, 0]);
  });
});
