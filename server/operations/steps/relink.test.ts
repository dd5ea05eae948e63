import { expect, test } from 'vitest';
import { chainOf } from '../../../model/testing.ts';
import { judgeRelink } from './relink.ts';

const STEP = { image: '/vm/top', before: ['/vm/top'], after: ['/vm/top', '/vm/mid', '/vm/base'] };
const NOTHING = { seen: false, cancelling: false };

const judged = (images: readonly string[], memory = NOTHING) =>
  judgeRelink(STEP, { chain: chainOf(...images) }, memory);

test('it is done once the old chain is back, whoever brought it back', () => {
  expect(judged(STEP.after)).toEqual({ do: 'done' });
  expect(judged(STEP.after, { seen: true, cancelling: true })).toEqual({ do: 'done' });
});

test('it starts from the chain that the flatten left, unless it is cancelled before', () => {
  expect(judged(STEP.before)).toEqual({ do: 'start' });
  expect(judged(STEP.before, { seen: false, cancelling: true })).toEqual({ do: 'cancel' });
});

test('a header that was written without effect is reported', () => {
  expect(judged(STEP.before, { seen: true, cancelling: false })).toMatchObject({
    do: 'fail',
    problem: { code: 'RELINK_NOT_VERIFIED', params: { image: '/vm/top' } },
  });
});

test('it fails on any other chain', () => {
  for (const images of [[], ['/vm/new', '/vm/top'], ['/vm/top', '/vm/mid']]) {
    expect(judged(images)).toMatchObject({ do: 'fail', problem: { code: 'CHAIN_CHANGED' } });
  }
});
