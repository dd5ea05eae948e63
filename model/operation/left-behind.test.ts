import { expect, test } from 'vitest';
import { planFlatten } from '../plans/flatten.ts';
import { chainOf, diskWith, FACTS, flattenTo, operationOf, REF } from '../testing.ts';
import { leftBehind } from './left-behind.ts';

const chain = chainOf('/vm/active', '/vm/sn1', '/vm/base');
const plan = (base: string | null) => planFlatten(REF, diskWith(chain), flattenTo(base), FACTS);
const ended = (id: string, base: string | null, endedAt: number, state: 'done' | 'failed' = 'done') =>
  operationOf(plan(base), {
    id,
    state: state === 'done' ? 'succeeded' : 'failed',
    steps: [{ state }],
    endedAt,
  });

test('an image that is in the chain no more was left behind by the operation', () => {
  const left = { hostId: 'alpha', intent: 'flatten', guestName: 'web-1', format: 'qcow2' };
  expect([...leftBehind([ended('b', null, 2), ended('a', '/vm/base', 1)])]).toEqual([
    ['/vm/sn1', { ...left, operationId: 'b', at: 2 }],
    ['/vm/base', { ...left, operationId: 'b', at: 2 }],
  ]);
});

test('what failed or is not over left nothing of the chain behind', () => {
  expect(leftBehind([ended('a', null, 1, 'failed'), operationOf(plan(null))]).size).toBe(0);
});

test('a copy that failed may have left its file', () => {
  const copy = {
    kind: 'copy',
    hostId: 'alpha',
    target: 'vda',
    before: [],
    after: [],
    file: '/vm/new',
    format: 'raw',
  } as const;
  const failed = { ...ended('a', null, 1, 'failed'), plan: { ...plan(null), steps: [copy] } };
  expect([...leftBehind([failed])]).toMatchObject([['/vm/new', { operationId: 'a', format: 'raw' }]]);
});
