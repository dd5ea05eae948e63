import { describe, expect, expectTypeOf, it } from 'vitest';
import { MAX_LIST } from '../limits.ts';
import type { Codec, Read, Written } from './codec.ts';
import { list, listed, optional, struct } from './composites.ts';
import { Reader } from './reader.ts';
import { int, string, uhyper, uint } from './scalars.ts';
import { Writer } from './writer.ts';

function written<In>(codec: Codec<unknown, In>, value: In): string {
  const writer = new Writer();
  codec.write(writer, value);
  return writer.finish().toString('hex');
}

const reader = (hex: string) => new Reader(Buffer.from(hex, 'hex'));
const malformed = expect.objectContaining({ code: 'MALFORMED_BODY' });

describe('struct', () => {
  const codec = struct({ id: int, size: uhyper, name: optional(string) });

  it('has its fields in their order', () => {
    const hex = 'ffffffff0000000000000007000000010000000161000000';
    expect(written(codec, { name: 'a', size: 7, id: -1 })).toBe(hex);
    expect(codec.read(reader(hex))).toEqual({ id: -1, size: 7n, name: 'a' });
  });

  it('infers what is read and what may be written', () => {
    expectTypeOf<Read<typeof codec>>().toEqualTypeOf<{ id: number; size: bigint; name: string | null }>();
    expectTypeOf<Written<typeof codec>>().toEqualTypeOf<{
      id: number;
      size: bigint | number;
      name: string | null;
    }>();
  });
});

describe('optional', () => {
  it('is null where there is no value', () => {
    expect(written(optional(uint), null)).toBe('00000000');
    expect(optional(uint).read(reader('00000000'))).toBeNull();
  });

  it('has no third state', () => {
    expect(() => optional(uint).read(reader('0000000200000000'))).toThrow(malformed);
  });
});

describe('list', () => {
  it('has its length before it', () => {
    expect(written(list(uint), [1, 2])).toBe('000000020000000100000002');
    expect(list(uint).read(reader('000000020000000100000002'))).toEqual([1, 2]);
  });

  it('with more entries than the limit is refused in both directions', () => {
    const count = (MAX_LIST + 1).toString(16).padStart(8, '0');
    expect(() => list(uint).read(reader(count))).toThrow(malformed);
    expect(() => written(list(uint), new Array(MAX_LIST + 1).fill(0))).toThrow(
      expect.objectContaining({ code: 'BAD_ARGUMENT' }),
    );
  });

  it('with more entries than there are bytes is malformed', () => {
    expect(() => list(uint).read(reader('0000000300000001'))).toThrow(malformed);
  });
});

describe('listed', () => {
  it('has its length once more after it', () => {
    expect(written(listed(uint), [7])).toBe('000000010000000700000001');
    const body = reader('000000010000000700000001');
    expect(listed(uint).read(body)).toEqual([7]);
    expect(body.remaining).toBe(0);
  });
});
