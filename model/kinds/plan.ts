import type { PlanOf } from '../plans/plan.ts';
import type { HostIntent, Intent } from './intent.ts';
import type { Step } from './step.ts';

/** A plan of any kind. */
export type Plan = PlanOf<Intent | HostIntent, Step>;
