import type { Operation } from './operation.ts';

/** Bytes that an operation freed by deleting files; `null` if it deletes none, or if unknown. */
export function freedBy({ plan, steps }: Pick<Operation, 'plan' | 'steps'>): number | null {
  const deleted = plan.steps.filter((step, i) => step.kind === 'delete' && steps[i]?.state === 'done');
  if (deleted.length === 0) return null;
  return deleted.reduce<number | null>(
    (sum, step) =>
      sum === null || step.kind !== 'delete' || step.allocated === null ? null : sum + step.allocated,
    0,
  );
}
