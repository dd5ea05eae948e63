import { expect, test } from 'vitest';
import { fates } from './fate.ts';
import { chainOf } from './testing.ts';

const chain = chainOf('active', 'sn2', 'sn1', 'base');
const of = (base: string | null | undefined) => Object.fromEntries(fates(chain, base));

test('what lies between merges, what lies below stays', () => {
  expect(of('sn1')).toEqual({ active: 'receives', sn2: 'merges', sn1: 'stays', base: 'stays' });
});

test('without a base all merge', () => {
  expect(of(null)).toEqual({ active: 'receives', sn2: 'merges', sn1: 'merges', base: 'merges' });
});

test.each([undefined, 'active', 'sn2', 'gone'])('%s merges nothing, so that nobody has a fate', (base) => {
  expect(of(base)).toEqual({});
});
