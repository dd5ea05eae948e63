import { describe, test } from 'vitest';
import { casesOf } from '../../support/crash-cases.ts';
import { expectToSurvive } from '../../support/expect-to-survive.ts';

describe.each(casesOf.move)('$what, whose dashboard is killed', (one) => {
  test.each(one.points)('%s: is ended correctly by the next one', (point) => expectToSurvive(one, point));
});
