import type { PlanFacts } from '../../../model/plans/plan.ts';

/** What every plan about a guest depends on. */
export type CommonFacts = Omit<PlanFacts, 'freeSpace' | 'maps'>;
