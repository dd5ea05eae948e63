import { expect, test } from 'vitest';
import { inOrder } from './guest-order.ts';
import { disk, guest, image } from './testing.ts';

const guests = [
  guest('web-10', [disk('vda', [image('/a', 5), image('/b', 5)])]),
  guest('web-2', [disk('vda', [image('/c', 50)])]),
  guest('empty', []),
];
const names = (order: Parameters<typeof inOrder>[1]) => inOrder(guests, order, 'en').map(({ name }) => name);

test('names in the order of people', () => {
  expect(names('name')).toEqual(['empty', 'web-2', 'web-10']);
});

test('figures from the largest down, what is unknown last', () => {
  expect(names('depth')).toEqual(['web-10', 'web-2', 'empty']);
  expect(names('bytes')).toEqual(['web-2', 'web-10', 'empty']);
});
