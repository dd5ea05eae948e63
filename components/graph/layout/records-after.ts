import type { Chain } from '../../../model/fleet/chain.ts';
import type { Recorded } from '../../../model/fleet/record-state.ts';
import { stepKindOf } from '../../../model/kinds/kinds.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import { withChain } from '../../../model/plans/record-changes.ts';

/** A guest's snapshot records after the plan, and its disk with the chain afterwards. */
export function recordedAfter(plan: Plan, now: Recorded, target: string, after: Chain): Recorded {
  const later = withChain(now, target, after);
  let { records, reverts } = later;
  for (const step of plan.steps) {
    if (step.kind === 'delete-snapshot' && reverts !== null) {
      const gone = new Set(step.deleted);
      const { current } = reverts;
      const parent = records.find((record) => record.name === step.name)?.parent ?? null;
      reverts = {
        ...reverts,
        // libvirt deletes the files, and takes the parent of a current snapshot for the current one.
        aside: reverts.aside.filter(({ key }) => !gone.has(key)),
        current: current === step.name ? parent : current,
      };
    }
    records = stepKindOf(step).recordsAfter?.(step, records) ?? records;
    if (step.kind !== 'snapshot' || reverts === null) continue;
    // The new record is the current one, and based on what was.
    const { name } = step;
    const { current: parent } = reverts;
    records = records.map((record) => (record.name === name ? { ...record, parent } : record));
    reverts = { ...reverts, current: name };
  }
  return { ...later, records, reverts };
}
