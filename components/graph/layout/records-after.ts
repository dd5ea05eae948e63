import type { SnapshotRecord } from '../../../model/fleet/snapshot-record.ts';
import { stepKindOf } from '../../../model/kinds/kinds.ts';
import type { Plan } from '../../../model/kinds/plan.ts';

/** A guest's snapshot records after the plan. */
export function recordsAfter(plan: Plan, records: readonly SnapshotRecord[]): readonly SnapshotRecord[] {
  return plan.steps.reduce((found, step) => stepKindOf(step).recordsAfter?.(step, found) ?? found, records);
}
