import { describe, test } from 'vitest';
import { casesOf, killPointsOf } from '../../support/crash-cases.ts';
import { expectToSurvive } from '../../support/expect-to-survive.ts';

describe.each(casesOf.flatten)('$what, whose dashboard is killed', (one) => {
  test.each(killPointsOf(one))('%s: is ended correctly by the next one', (point) =>
    expectToSurvive(one, point),
  );
});
