import { describe, expect, test } from 'vitest';
import { casesOf, crashCases } from '../../support/crash-cases.ts';
import { expectToSurvive } from '../../support/expect-to-survive.ts';
import type { FaultPoint } from '../../support/fault-point.ts';
import { killPoints } from '../../support/kill-points.ts';

// All kinds that have no file of their own beside this one.
const { flatten, 'merge-down': mergeDown, shorten, move, ...others } = casesOf;

describe.each(Object.values(others).flat())('$what, whose dashboard is killed', (one) => {
  test.each(killPoints(one.points, crashCases.indexOf(one)))(
    '%s: is ended correctly by the next one',
    (point) => expectToSurvive(one, point),
  );
});

test('a run that kills at some points kills at each kind of them', () => {
  const kindOf = (point: FaultPoint) => point.replace(/ \d+$/, '');
  const all = crashCases.flatMap(({ points }) => points.map(kindOf));
  const some = crashCases.flatMap(({ points }, turn) => killPoints(points, turn, 'some').map(kindOf));
  expect(new Set(some)).toEqual(new Set(all));
});
