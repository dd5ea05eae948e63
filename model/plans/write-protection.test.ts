import { expect, test } from 'vitest';
import type { Image } from '../fleet/image.ts';
import { problem } from '../problem.ts';
import { imageAt } from '../testing.ts';
import { protectionRefusals } from './write-protection.ts';

const before = (changes: Partial<Image>) => ({
  images: ['/active', '/c', '/b', '/a'].map((path) => imageAt(path, changes)),
});
/** Why a commit after which these images are left is refused. */
const refused = (left: readonly string[], changes: Partial<Image> = { writeProtected: true }) => {
  const { images } = before(changes);
  return protectionRefusals({ images }, { images: images.filter(({ key }) => left.includes(key)) });
};

test('what a commit writes and nobody may write is refused', () => {
  expect(refused(['/active', '/c', '/a'])).toEqual([
    problem('WRITE_PROTECTED', { image: 'c', as: 'header' }),
    problem('WRITE_PROTECTED', { image: 'a', as: 'base' }),
  ]);
  // QEMU has the active image open for writing.
  expect(refused(['/active', '/b', '/a'])).toEqual([problem('WRITE_PROTECTED', { image: 'b', as: 'base' })]);
  expect(refused(['/a'])).toEqual([problem('WRITE_PROTECTED', { image: 'a', as: 'base' })]);
});

test('an image that somebody may write, or whose mode is unknown, is not', () => {
  expect(refused(['/active', '/c', '/a'], { writeProtected: false })).toEqual([]);
  expect(refused(['/active', '/c', '/a'], {})).toEqual([]);
});
