import { expect, test } from 'vitest';
import { writtenBelow } from './written-images.ts';

const before = ['/active', '/c', '/b', '/a', '/base'];

test.each([
  ['right below the active image, which QEMU writes anyway', ['/active', '/b', '/a', '/base'], ['/b']],
  ['further down', ['/active', '/c', '/base'], ['/c', '/base']],
  ['of the active image', ['/b', '/a', '/base'], ['/b']],
  ['of everything', ['/base'], ['/base']],
])('a commit %s', (_, after, written) => {
  expect(writtenBelow({ before, after })).toEqual(written);
});
