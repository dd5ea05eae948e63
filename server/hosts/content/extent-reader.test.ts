import { describe, expect, test } from 'vitest';
import { marked } from '../../../model/content/cluster-map.ts';
import { ExtentReader } from './extent-reader.ts';

const KiB = 1024;
const SAID = `[{ "start": 0, "length": 65536, "depth": 0, "present": true, "zero": false, "data": true, "offset": 327680},
{ "start": 65536, "length": 65536, "depth": 0, "present": true, "zero": false, "data": true},
{ "start": 131072, "length": 65536, "depth": 0, "present": false, "zero": true, "data": false},
{ "start": 196608, "length": 61440, "depth": 0, "present": true, "zero": true, "data": false, "offset": 458752}]
`;

function readIn(pieces: readonly string[]) {
  const reader = new ExtentReader(252 * KiB, 64 * KiB);
  for (const piece of pieces) reader.read(piece);
  const { map, placed, compressed, end } = reader;
  const [data, zeros, own, packed] = [map.data, map.zeros, placed, compressed].map((bits) => [
    ...marked(bits),
  ]);
  return { data, zeros, own, packed, end };
}

const WHOLE = { data: [0, 1], zeros: [3], own: [0, 3], packed: [1], end: 252 * KiB };

test('output of qemu-img map is read whole, byte by byte, and cut anywhere', () => {
  expect(readIn([SAID])).toEqual(WHOLE);
  expect(readIn([...SAID])).toEqual(WHOLE);
  for (let cut = 0; cut < SAID.length; cut++) {
    expect(readIn([SAID.slice(0, cut), SAID.slice(cut)])).toEqual(WHOLE);
  }
});

describe('output that is no map is refused', () => {
  test.each([
    ['an extent is left out', 'EXTENTS_MALFORMED', SAID.replace('"start": 65536', '"start": 131072')],
    ['there is no length', 'EXTENTS_MALFORMED', SAID.replace('"length": 65536', '"length": 0')],
    ['an old qemu-img', 'EXTENTS_OLD_QEMU_IMG', SAID.replaceAll(/"present": \w+, /g, '')],
    ['anything else', 'EXTENTS_MALFORMED', 'x'.repeat(5000)],
  ])('%s: %s', (_, code, output) => {
    expect(() => readIn([output])).toThrow(expect.objectContaining({ code }));
  });
});
