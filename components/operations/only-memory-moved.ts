import type { Operation } from '../../model/operation/operation.ts';

/** Whether a guest was brought to another host, of which what went over, its memory, is in no image. */
export function movedOnly({
  plan,
  steps,
  grownBy: copied,
}: Pick<Operation, 'plan' | 'steps' | 'grownBy'>): boolean {
  return (
    copied === null && plan.steps.some(({ kind }, i) => kind === 'migrate' && steps[i]?.state === 'done')
  );
}
