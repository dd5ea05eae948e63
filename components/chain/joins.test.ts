import { expect, test } from 'vitest';
import { chainOf, REF, user, usersOf } from '../graph/testing.ts';
import { joins, othersOn } from './joins.ts';

const chain = chainOf('active', 'sn', 'base');

test('a disk joins at the topmost image that it holds, once', () => {
  const users = usersOf(chain, { sn: [user('b')], base: [user('b'), user('c')] });
  expect([...joins(chain, users, REF)]).toEqual([
    ['sn', [user('b')]],
    ['base', [user('c')]],
  ]);
});

test('another disk of the same guest joins too, the disk itself does not', () => {
  const second = { ...REF, target: 'vdb', guestName: 'self' };
  const users = usersOf(chain, { base: [second] });
  expect(joins(chain, users, REF).get('base')).toEqual([second]);
  expect(othersOn('base', users, REF)).toEqual([second]);
  expect(othersOn('active', users, REF)).toEqual([]);
});

test('nobody is known of an image', () => {
  expect(joins(chain, new Map(), REF).size).toBe(0);
  expect(othersOn('base', new Map(), REF)).toEqual([]);
});
