import { expect, test } from 'vitest';
import { lbaOf, parseLog, sectorOf } from './writer-log.ts';

const line = (number: number, kind = 'W') =>
  `${kind} ${number.toString(16).padStart(8, '0')} ${lbaOf(number).toString(16).padStart(8, '0')}\n`;

test('65536 writes in a row go to 65536 sectors', () => {
  const sectors = new Set(Array.from({ length: 65536 }, (_, number) => lbaOf(number)));
  expect(sectors.size).toBe(65536);
  expect(Math.min(...sectors)).toBe(2048);
  expect(lbaOf(65536 + 7)).toBe(lbaOf(7));
});

test('a sector contains its number, its address and a pattern made from the number', () => {
  const sector = sectorOf(5);
  expect(sector.toString('latin1', 0, 4)).toBe('BKCN');
  expect([sector.readUInt32LE(4), sector.readUInt32LE(8)]).toEqual([5, lbaOf(5)]);
  expect(sector.readUInt32LE(12)).toBe(5 + 0x9e3779b9);
  expect(sector.readUInt32LE(508)).toBe((5 + 125 * 0x9e3779b9) % 2 ** 32);
});

test('a log is read up to where it was cut off', () => {
  const log = parseLog(`\nS\n${line(0)}${line(1)}W 0000`);
  expect(log).toEqual({ records: [0, 1], inFlight: [2], errors: [] });
});

test('each run may have had one more unfinished write when it ended', () => {
  const log = parseLog(`\nS\n${line(0)}W 00\nS\n${line(0)}${line(1)}`);
  expect(log).toEqual({ records: [0, 0, 1], inFlight: [1, 2], errors: [] });
});

test('a reported error, a hole in the numbers and a broken line are errors', () => {
  const log = parseLog(`\nS\n${line(0)}${line(1, 'E')}${line(3)}W 0000\n${line(1)}`);
  expect(log.errors).toEqual([line(1, 'E').trim(), line(3).trim(), 'W 0000']);
});

test('a log without a run has no unfinished write', () => {
  expect(parseLog('')).toEqual({ records: [], inFlight: [], errors: [] });
});
