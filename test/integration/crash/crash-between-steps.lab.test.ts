import { crashCases } from '../../support/crash-cases.ts';
import { crashed } from '../../support/crashed.ts';

crashed(crashCases.filter(({ steps }) => steps > 1));
