import { describe, test } from 'vitest';
import { casesOf, crashCases } from '../../support/crash-cases.ts';
import { expectToSurvive } from '../../support/expect-to-survive.ts';
import { killPoints } from '../../support/kill-points.ts';

describe.each([...casesOf['merge-down'], ...casesOf.shorten])('$what, whose dashboard is killed', (one) => {
  test.each(killPoints(one.points, crashCases.indexOf(one)))(
    '%s: is ended correctly by the next one',
    (point) => expectToSurvive(one, point),
  );
});
