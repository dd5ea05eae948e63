import { expect, test } from 'vitest';
import { killPoints, killPointsOfAll } from './kill-points.ts';

const points = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const turns = [0, 1, 2, 3];

test('all points are all of them, whatever the turn', () => {
  for (const turn of turns) expect(killPoints(points, turn, 'all')).toEqual(points);
});

test('some are every fourth, and four turns together have each point once', () => {
  const chosen = turns.map((turn) => killPoints(points, turn, 'some'));
  expect(chosen).toEqual([['a', 'e'], ['d'], ['c', 'g'], ['b', 'f']]);
  expect(chosen.flat().toSorted()).toEqual(points);
});

test.each(turns)('turn %i kills also a case of few points', (turn) => {
  for (const few of [['a'], ['a', 'b'], ['a', 'b', 'c']])
    expect(killPoints(few, turn, 'some')).toHaveLength(1);
});

test('of several cases each kind of point is among them, and no more than that needs', () => {
  const cases = [['a 0', 'b 0', 'c 0', 'd 0', 'e 0'], ['d 1', 'e 1', 'f 1'], ['b 2']];
  const kindOf = (point: string) => point.slice(0, 1);
  expect(killPointsOfAll(cases, kindOf, 'some')).toEqual([['a 0', 'c 0', 'd 0', 'e 0'], ['f 1'], ['b 2']]);
  expect(killPointsOfAll(cases, kindOf, 'all')).toEqual(cases);
});
