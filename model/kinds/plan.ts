import type { PlanOf } from '../plans/plan.ts';
import type { HostIntent, Intent, Step } from './kinds.ts';

/** A plan of any kind. */
export type Plan = PlanOf<Intent | HostIntent, Step>;
