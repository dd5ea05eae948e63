import { expect, test } from 'vitest';
import { disk, guest, image } from '../fleet/testing.ts';
import { fleetTotals } from './fleet-totals.ts';

const golden = image('/golden.img', 100);

test('an image counts once on its host, and again on another one', () => {
  const totals = fleetTotals({
    revision: '1',
    hosts: [],
    guests: [
      guest('a', [disk('vda', [image('/a', 1), golden])]),
      guest('b', [disk('vda', [image('/b', null), image('/c', 2), golden]), disk('sda', null)]),
      guest('c', [disk('vda', [golden])], { hostId: 'beta' }),
    ],
  });
  expect(totals).toEqual({
    guests: 3,
    hosts: 0,
    images: 5,
    shared: 1,
    allocated: 203,
    partial: true,
    deepest: 3,
  });
});

test('an empty fleet', () => {
  expect(fleetTotals({ revision: '1', hosts: [], guests: [] })).toEqual({
    guests: 0,
    hosts: 0,
    images: 0,
    shared: 0,
    allocated: 0,
    partial: false,
    deepest: 0,
  });
});
