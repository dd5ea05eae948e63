import { describe, test } from 'vitest';
import { casesOf, killPointsOf } from '../../support/crash-cases.ts';
import { expectToSurvive } from '../../support/expect-to-survive.ts';

// All kinds that have no file of their own beside this one.
const { flatten, 'merge-down': mergeDown, shorten, move, ...others } = casesOf;

describe.each(Object.values(others).flat())('$what, whose dashboard is killed', (one) => {
  test.each(killPointsOf(one))('%s: is ended correctly by the next one', (point) =>
    expectToSurvive(one, point),
  );
});
