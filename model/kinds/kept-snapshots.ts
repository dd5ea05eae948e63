import type { Guest } from '../fleet/guest.ts';
import { intactSnapshots } from '../plans/kept-snapshots.ts';
import { stepKindOf } from './kinds.ts';
import type { Plan } from './plan.ts';

/**
 * The plan with the snapshots that read the same after it, where it writes images that they may need. By the journal, such a write
 * is later known for what it was. Of a snapshot that was not intact before, it says nothing.
 */
export function withKeptSnapshots(plan: Plan, guest: Guest): Plan {
  const rewriting = plan.steps.filter((step) => stepKindOf(step).rewrites !== undefined);
  if (rewriting.length === 0) return plan;
  const left = rewriting.reduce(
    (records, step) => stepKindOf(step).recordsAfter?.(step, records) ?? records,
    guest.records,
  );
  const names = new Set(left.map(({ name }) => name));
  const kept = intactSnapshots(guest).filter((name) => names.has(name));
  return kept.length === 0 ? plan : { ...plan, kept };
}
