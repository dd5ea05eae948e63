import { crashCases } from '../../support/crash-cases.ts';
import { crashed } from '../../support/crashed.ts';

// Those of one step. Apart from the others, so that two workers share them.
crashed(crashCases.filter(({ steps }) => steps === 1));
