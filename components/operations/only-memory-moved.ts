import type { Operation } from '../../model/operation/operation.ts';

/** Whether a guest was migrated without its storage: what was copied is its memory, which is in no image. */
export function movedOnly({ plan, steps, grownBy }: Pick<Operation, 'plan' | 'steps' | 'grownBy'>): boolean {
  return (
    grownBy === null && plan.steps.some(({ kind }, i) => kind === 'migrate' && steps[i]?.state === 'done')
  );
}
