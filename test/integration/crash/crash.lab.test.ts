import { describe, test } from 'vitest';
import { crashCases } from '../../support/crash-cases.ts';
import { expectToSurvive } from '../../support/expect-to-survive.ts';

// Operations of one step. Apart from the others, so that two workers share them.
describe.each(crashCases.filter(({ steps }) => steps === 1))('$what, whose dashboard is killed', (one) => {
  test.each(one.points)('%s: is ended correctly by the next one', (point) => expectToSurvive(one, point));
});
