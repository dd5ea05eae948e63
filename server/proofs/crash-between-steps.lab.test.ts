import { crashCases } from './testing/crash-cases.ts';
import { crashed } from './testing/crashed.ts';

crashed(crashCases.filter(({ steps }) => steps > 1));
