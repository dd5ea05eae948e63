import type { BlockJob } from '../../model/fleet/block-job.ts';
import type { Operation } from '../../model/operation/operation.ts';
import type { Step } from '../../model/plans/step.ts';
import { stepAtHand } from '../operations/current-step.ts';

/** What the step at hand does to a disk's chain, as far as it is drawn. */
export interface Work {
  readonly job: BlockJob['kind'];
  /** Keys of the images that it reads, writes or stands on, from the topmost down. */
  readonly paused: readonly string[];
  /** Keys of those whose data moves, from the topmost down. */
  readonly moving: readonly string[];
  /** Where the data goes: up into the topmost, down into the lowest, or out of the chain into a new image. */
  readonly strategy: 'up' | 'down' | 'out';
}

/** The work of an operation on a disk: of the step that runs, or that is to come first; `null` where it moves no data there. */
export function workOn(operation: Operation, target: string): Work | null {
  const step = operation.plan.steps[stepAtHand(operation)];
  return step === undefined ? null : workOf(step, target);
}

function workOf(step: Step, target: string): Work | null {
  if (!('before' in step) || step.target !== target) return null;
  const { before } = step;
  switch (step.kind) {
    case 'pull':
    case 'shut-off-pull': {
      const end = step.base === null ? before.length : before.indexOf(step.base);
      return { job: 'pull', paused: before.slice(0, end + 1), moving: before.slice(1, end), strategy: 'up' };
    }
    case 'commit':
    case 'active-commit': {
      const top = step.kind === 'commit' ? before.indexOf(step.top) : 0;
      const end = before.indexOf(step.base);
      return {
        job: step.kind,
        paused: before.slice(top, end + 1),
        moving: before.slice(top, end),
        strategy: 'down',
      };
    }
    case 'copy':
      return { job: 'copy', paused: before, moving: before, strategy: 'out' };
    case 'end-job':
      return null;
  }
}
