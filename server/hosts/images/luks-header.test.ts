import { expect, test } from 'vitest';
import { luksPayload } from './luks-header.ts';

function header(version: number): Buffer {
  const start = Buffer.alloc(592);
  start.write('LUKS\xba\xbe', 'latin1');
  start.writeUInt16BE(version, 6);
  start.writeUInt32BE(4096, 104);
  return start;
}

test('where the data of a LUKS image begins', () => {
  expect(luksPayload(header(1))).toBe(2 * 2 ** 20);
  expect(luksPayload(header(2))).toBeNull();
  expect(luksPayload(header(1).subarray(0, 107))).toBeNull();
  expect(luksPayload(Buffer.alloc(592))).toBeNull();
});
