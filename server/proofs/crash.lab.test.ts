import { crashCases } from './testing/crash-cases.ts';
import { crashed } from './testing/crashed.ts';

// Those of one step. Apart from the others, so that two workers share them.
crashed(crashCases.filter(({ steps }) => steps === 1));
