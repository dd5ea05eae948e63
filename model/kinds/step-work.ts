import { type Step, stepKindOf } from './kinds.ts';

/** Whether QEMU moves data for it. A host runs a limited number of such steps at a time. */
export function isBlockJob(step: Step): boolean {
  const { work } = stepKindOf(step);
  return work === 'block-job' || work === 'migration';
}

/** Whether it takes a speed limit. */
export function takesSpeed(step: Step): boolean {
  return stepKindOf(step).work === 'block-job';
}

/** Whether a later cancel does not take its effect back. */
export function isFinal(step: Step): boolean {
  return stepKindOf(step).work !== 'call';
}

/** Key of the image that receives data from others; `null` for a step that moves none within a chain. */
export function receiverOf(step: Step): string | null {
  return stepKindOf(step).move?.(step).into ?? null;
}
