import { expect, test } from 'vitest';
import { chainOf, diskWith, imageAt, QCOW2 } from '../testing.ts';
import { lacksBitmaps } from './checkpoint.ts';
import { type Image, UNKNOWN_TRAITS } from './image.ts';

const lacking = (changes: Partial<Image>, guestRuns: boolean) =>
  lacksBitmaps(diskWith({ images: [imageAt('/active', changes), imageAt('/base')] }), guestRuns);

test.each([
  ['raw, which has no bitmaps', { format: 'raw' }, true, true],
  ['raw, shut off', { format: 'raw' }, false, true],
  ['of a format that nobody knows', { format: null }, true, false],
  ['qcow2 whose header names none, while QEMU may have one', {}, true, false],
  ['qcow2 whose header names none, shut off', {}, false, true],
  ['qcow2 with bitmaps', { traits: { ...QCOW2, bitmaps: true } }, false, false],
  ['qcow2 that could not be inspected', { traits: UNKNOWN_TRAITS }, false, false],
] as const)('an active image that is %s', (_, changes, guestRuns, lost) => {
  expect(lacking(changes, guestRuns)).toBe(lost);
});

test('of an empty drive, and of a chain that could not be read, nothing is sure', () => {
  expect(lacksBitmaps(diskWith(null), false)).toBe(false);
  expect(lacksBitmaps(diskWith(chainOf()), false)).toBe(false);
});
