import { expect, test } from 'vitest';
import { bytesParts, formatBytes, formatDuration, formatRate, formatShare, formatSum } from './quantity.ts';

const KiB = 1024;
const MiB = 1024 * KiB;
const GiB = 1024 * MiB;

test.each([
  [0, '0 B'],
  [12, '12 B'],
  [999, '999 B'],
  [1000, '0.98 KiB'],
  [4 * KiB, '4.00 KiB'],
  [704 * MiB, '704 MiB'],
  [704.1 * MiB, '704 MiB'],
  [999.6 * MiB, '0.98 GiB'],
  [1 * GiB, '1.00 GiB'],
  [9.996 * GiB, '10.0 GiB'],
  [10 * GiB, '10.0 GiB'],
  [99.96 * GiB, '100 GiB'],
  [40 * 1024 * GiB, '40.0 TiB'],
  [2000 * 1024 * 1024 * GiB, '2000 PiB'],
  [-3 * MiB, '-3.00 MiB'],
])('%d bytes read %s', (bytes, text) => {
  expect(formatBytes(bytes, 'en')).toBe(text);
});

test('number and unit can be separate', () => {
  expect(bytesParts(1.31 * GiB, 'en')).toEqual({ number: '1.31', unit: 'GiB' });
});

test('the number follows the language', () => {
  expect(formatBytes(1.5 * GiB, 'de')).toBe('1,50 GiB');
});

test('rates and shares', () => {
  expect(formatRate(306 * MiB, 'en')).toBe('306 MiB/s');
  expect(formatShare(0.426, 'en')).toBe('43%');
});

test.each([
  [0, '0s'],
  [420, '0.4s'],
  [6_000, '6s'],
  [9_960, '10s'],
  [59_400, '59s'],
  [200_000, '3m 20s'],
  [7_500_000, '2h 5m'],
  [49 * 3_600_000, '2d 1h'],
])('%d ms read %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds, 'en')).toBe(text);
});

test('a sum that leaves something out is a lower bound', () => {
  expect(formatSum(12, false, 'en')).toBe('12 B');
  expect(formatSum(12, true, 'en')).toBe('≥ 12 B');
});
