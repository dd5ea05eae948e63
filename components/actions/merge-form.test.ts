import { expect, test } from 'vitest';
import { chainOf, diskWith, guestWith } from '../../model/testing.ts';
import { runOf } from './merge-form.ts';
import { hostAt } from './testing.ts';

const disk = diskWith(chainOf('/active', '/two', '/one', '/base'));
const at = { host: hostAt('alpha'), others: [], guest: guestWith(disk), disk, picked: undefined };

test.each([
  [null, null, '/one', '/base'],
  ['/one', null, '/two', '/one'],
  ['/one', '/active', '/active', '/one'],
  // A top that is not above the base, or not there.
  ['/two', '/one', '/active', '/two'],
  ['/one', '/one', '/two', '/one'],
  [null, '/gone', '/one', '/base'],
  // Nothing merges into the active image, nor into one that is not there.
  ['/active', null, '/one', '/base'],
  ['/gone', null, '/one', '/base'],
])('picked %s and from %s: %s down into %s', (image, top, from, into) => {
  expect(runOf({ image, top, forget: true }, at)).toEqual({ top: from, base: into });
});
