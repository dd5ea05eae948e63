import { expect, it } from 'vitest';
import { type TypedParameter, typedParameters } from './typed-parameters.ts';
import { Reader } from './xdr/reader.ts';
import { Writer } from './xdr/writer.ts';

function travel(parameters: TypedParameter[]) {
  const writer = new Writer();
  typedParameters.write(writer, parameters);
  return typedParameters.read(new Reader(writer.finish()));
}

it('every kind comes back as its own type', () => {
  const read = travel([
    { field: 'a', kind: 'int', value: -1 },
    { field: 'b', kind: 'uint', value: 4_000_000_000 },
    { field: 'c', kind: 'llong', value: -1n },
    { field: 'd', kind: 'ullong', value: 5 },
    { field: 'e', kind: 'double', value: 0.25 },
    { field: 'f', kind: 'boolean', value: true },
    { field: 'g', kind: 'string', value: 'x' },
  ]);
  expect({ ...read }).toEqual({ a: -1, b: 4_000_000_000, c: -1n, d: 5n, e: 0.25, f: true, g: 'x' });
});

it('any name may come', () => {
  const read = travel([{ field: '__proto__', kind: 'int', value: 1 }]);
  expect(Object.entries(read)).toEqual([['__proto__', 1]]);
});

it('an unknown kind is malformed', () => {
  const body = Buffer.from('000000010000000161000000000000080000000000000000', 'hex');
  expect(() => typedParameters.read(new Reader(body))).toThrow(
    expect.objectContaining({ code: 'MALFORMED_BODY' }),
  );
});
