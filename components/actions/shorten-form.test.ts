import { expect, test } from 'vitest';
import { chainOf, diskWith, guestWith } from '../../model/testing.ts';
import { intentFrom } from '../plan/form-of.tsx';
import { goalOf, type ShortenValues, shortenForm } from './shorten-form.ts';
import { hostAt } from './testing.ts';

const disk = diskWith(chainOf('/active', '/two', '/one', '/base'));
const at = { host: hostAt('alpha'), others: [], guest: guestWith(disk), disk, picked: undefined };
const values: ShortenValues = {
  goal: 'at-most',
  images: 2,
  image: null,
  keep: [],
  strategy: 'cheapest',
  forget: true,
};

test.each([
  [{}, { kind: 'at-most', images: 2 }],
  [{ goal: 'above' }, { kind: 'above', base: '/base' }],
  [
    { goal: 'above', image: '/one' },
    { kind: 'above', base: '/one' },
  ],
  [{ goal: 'only' }, { kind: 'only', image: '/active' }],
  [
    { goal: 'only', image: '/gone' },
    { kind: 'only', image: '/active' },
  ],
] as const)('%j: %j', (changes, goal) => {
  expect(goalOf({ ...values, ...changes }, at)).toEqual(goal);
});

test('the address alone says what is asked for', () => {
  const asked = (query: string) => intentFrom(shortenForm, new URLSearchParams(query), at);
  expect(asked('')).toEqual({
    kind: 'shorten',
    target: 'vda',
    goal: { kind: 'at-most', images: 2 },
    strategy: 'cheapest',
    pinned: [],
    forgetAfter: true,
  });
  expect(asked('goal=above&image=/one&strategy=pull&forget=no')).toEqual({
    kind: 'flatten',
    target: 'vda',
    base: '/one',
    snapshotFirst: null,
    forgetAfter: false,
  });
  // A pull can't leave an image alone that it would merge.
  expect(asked('goal=above&image=/one&strategy=pull&keep=/two')).toMatchObject({
    kind: 'shorten',
    strategy: 'cheapest',
    pinned: ['/two'],
  });
});
