import { describe, expect, it } from 'vitest';
import { MAX_STRING } from '../limits.ts';
import type { Codec } from './codec.ts';
import { Reader } from './reader.ts';
import { bool, double, fixed, hyper, int, opaque, string, uhyper, uint } from './scalars.ts';
import { Writer } from './writer.ts';

function written<In>(codec: Codec<unknown, In>, value: In): string {
  const writer = new Writer(4);
  codec.write(writer, value);
  return writer.finish().toString('hex');
}

const read = <Out>(codec: Codec<Out, never>, hex: string) => codec.read(new Reader(Buffer.from(hex, 'hex')));
const malformed = expect.objectContaining({ code: 'MALFORMED_BODY' });
const badArgument = expect.objectContaining({ code: 'BAD_ARGUMENT' });

describe('numbers', () => {
  it.each([
    ['uint', uint, 0xffff_ffff, 'ffffffff'],
    ['int', int, -2, 'fffffffe'],
    ['double', double, -0.5, 'bfe0000000000000'],
  ] as const)('%s', (_, codec, value, hex) => {
    expect(written(codec, value)).toBe(hex);
    expect(read(codec, hex)).toBe(value);
  });

  it.each([
    ['uhyper', uhyper, 2n ** 64n - 1n, 'ffffffffffffffff'],
    ['hyper', hyper, -2n, 'fffffffffffffffe'],
  ] as const)('%s', (_, codec, value, hex) => {
    expect(written(codec, value)).toBe(hex);
    expect(read(codec, hex)).toBe(value);
  });

  it('of 64 bits may be given as exact numbers', () => {
    expect(written(uhyper, 5)).toBe('0000000000000005');
    expect(() => written(uhyper, 2 ** 53)).toThrow(badArgument);
    expect(() => written(hyper, 0.5)).toThrow(badArgument);
  });

  it('out of range are refused, not wrapped', () => {
    for (const value of [-1, 2 ** 32, 1.5, Number.NaN])
      expect(() => written(uint, value)).toThrow(badArgument);
    for (const value of [2 ** 31, -(2 ** 31) - 1]) expect(() => written(int, value)).toThrow(badArgument);
    for (const value of [-1n, 2n ** 64n]) expect(() => written(uhyper, value)).toThrow(badArgument);
    for (const value of [2n ** 63n, -(2n ** 63n) - 1n])
      expect(() => written(hyper, value)).toThrow(badArgument);
  });
});

describe('booleans', () => {
  it('are 0 or 1 and nothing else', () => {
    expect(written(bool, true)).toBe('00000001');
    expect(read(bool, '00000000')).toBe(false);
    expect(() => read(bool, '00000002')).toThrow(malformed);
  });
});

describe('text', () => {
  it.each([
    ['', '00000000'],
    ['a', '0000000161000000'],
    ['vda', '0000000376646100'],
    ['disk', '000000046469736b'],
    ['名', '00000003e5908d00'],
  ])('%j', (text, hex) => {
    expect(written(string, text)).toBe(hex);
    expect(read(string, hex)).toBe(text);
  });

  it('that would become another text at the daemon is refused', () => {
    expect(() => written(string, '/images/a\0b')).toThrow(badArgument);
    expect(() => written(string, '\ud800')).toThrow(badArgument);
  });

  it('longer than the limit is refused in both directions', () => {
    expect(() => written(string, 'x'.repeat(MAX_STRING + 1))).toThrow(badArgument);
    expect(() => read(string, (MAX_STRING + 1).toString(16).padStart(8, '0'))).toThrow(malformed);
  });

  it('longer than its message is malformed', () => {
    expect(() => read(string, '0000000561626364')).toThrow(malformed);
  });
});

describe('bytes', () => {
  it('of any number have their length before them', () => {
    expect(written(opaque, Buffer.of(1, 2))).toBe('0000000201020000');
    expect(read(opaque, '0000000201020000')).toEqual(Buffer.of(1, 2));
  });

  it('of a fixed number have none', () => {
    expect(written(fixed(2), Buffer.of(1, 2))).toBe('01020000');
    expect(read(fixed(2), '01020000')).toEqual(Uint8Array.of(1, 2));
    expect(() => written(fixed(2), Buffer.of(1))).toThrow(badArgument);
  });
});
