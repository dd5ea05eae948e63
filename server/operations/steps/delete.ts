import type { Plan } from '../../../model/kinds/plan.ts';
import { type DeleteStep, deletionRefusals } from '../../../model/plans/delete.ts';
import { ProblemError } from '../../../model/problem.ts';
import type { Ports } from '../../ports/ports.ts';
import type { StepDriver } from '../step-driver.ts';
import { fail, type StepMemory, type Verdict } from '../verdict.ts';

/** Deletes an image file. Everything is read anew right before the call: somebody may use the file by now. */
export function deleteFile(
  { leftovers }: Pick<Ports, 'leftovers'>,
  _plan: Plan,
  step: DeleteStep,
): StepDriver {
  const { hostId, file } = step;
  return {
    refusedAs: 'DELETE_REFUSED',
    judge: async (memory) => judgeDelete(file, await leftovers.stateOf(hostId, step), memory),
    async start() {
      // What depended on it is gone by now, or the report still has it.
      const [refusal] = deletionRefusals(file, [], await leftovers.find(hostId));
      if (refusal !== undefined) throw new ProblemError('refused', refusal);
      await leftovers.remove(hostId, step);
    },
  };
}

/** What to do about the file, from what is there now: the step is done when the file is gone, whoever deleted it. */
export function judgeDelete(
  image: string,
  state: 'there' | 'other' | 'gone',
  { intended, seen, cancelling, settled }: StepMemory,
): Verdict {
  if (state === 'gone') return { do: 'done' };
  if (state === 'other') return fail('LEFTOVER_CHANGED', { image });
  if (seen) return fail('DELETE_NOT_VERIFIED', { image });
  // The daemon that an earlier process called may still be deleting it.
  if (intended && !settled) return { do: 'settle' };
  return { do: cancelling ? 'cancel' : 'start' };
}
