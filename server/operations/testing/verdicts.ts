import type { StepMemory, Verdict } from '../verdict.ts';

/** Of a step that has not begun. */
export const NOTHING: StepMemory = {
  intended: false,
  seen: false,
  finishing: false,
  cancelling: false,
  ending: null,
  reason: null,
  settled: false,
  frozen: null,
  thaw: null,
};

/** What to do, or the code of the failure. */
export function nameOf(verdict: Verdict): string {
  return verdict.do === 'fail' ? verdict.problem.code : verdict.do;
}
