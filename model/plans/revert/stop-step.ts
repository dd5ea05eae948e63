import { keepsBitmaps } from '../bitmaps.ts';
import { virshCommand } from '../command.ts';
import type { StepKind } from '../kind.ts';
import { guestOf } from '../plan.ts';
import type { AnyStep } from '../step.ts';

/** Stops a running guest at once, as if its power was cut. QEMU writes everything that the guest wrote to the images before it ends. */
export interface StopStep extends AnyStep {
  readonly kind: 'stop';
}

export const stopStepKind: StepKind<StopStep> = {
  work: 'call',
  bitmaps: keepsBitmaps,
  command: (plan, step) => [virshCommand(plan, step, ['destroy', '--graceful', guestOf(plan).name])],
  text: ({ guestName }) => ({ guest: guestName ?? '' }),
};
