import type { SnapshotRecord } from '../../../model/fleet/snapshot-record.ts';
import type { Plan } from '../../../model/plans/plan.ts';

/** A guest's snapshot records as the plan leaves them: those that its steps make with them, without those that they forget. */
export function recordsAfter(plan: Plan, records: readonly SnapshotRecord[]): readonly SnapshotRecord[] {
  return plan.steps.reduce((found, step) => {
    switch (step.kind) {
      case 'snapshot': {
        const { name, description } = step;
        const disks = step.disks.map(({ target, before, after }) => ({
          target,
          kind: 'external' as const,
          frozen: before[0] ?? null,
          overlay: after[0] ?? null,
        }));
        const others = found.filter((record) => record.name !== name);
        return [...others, { name, description, createdAt: 0, parent: null, disks }];
      }
      case 'forget':
        return found.filter(({ name }) => !step.names.includes(name));
      default:
        return found;
    }
  }, records);
}
