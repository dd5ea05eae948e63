import type { Guest } from '../../fleet/guest.ts';
import { problem } from '../../problem.ts';
import { keepsBitmaps } from '../bitmaps.ts';
import { virshCommand } from '../command.ts';
import type { IntentKind, StepKind } from '../kind.ts';
import type { PlanOf } from '../plan.ts';
import { guestOf, NO_COST, type PlanFacts } from '../plan.ts';
import type { AnyStep } from '../step.ts';

/** Resume a guest that QEMU paused for an I/O error. */
export interface ResumeIntent {
  readonly kind: 'resume';
}

export const resumeIntentKind: IntentKind<ResumeIntent> = {
  text: () => ({}),
  // It changes no chain, and the operation that waits for the guest may be the one that continues with it.
  isIndependent: true,
};

/** Resumes a guest that QEMU paused for an I/O error. */
export interface ResumeStep extends AnyStep {
  readonly kind: 'resume';
}

export const resumeStepKind: StepKind<ResumeStep> = {
  work: 'call',
  bitmaps: keepsBitmaps,
  command: (plan, step) => [virshCommand(plan, step, ['resume', guestOf(plan).name])],
  text: ({ guestName }) => ({ guest: guestName ?? '' }),
};

/** The plan that resumes a guest that QEMU paused for an I/O error. A guest that a person paused is left to that person. */
export function planResume(
  guest: Guest,
  intent: ResumeIntent,
  { uri }: Pick<PlanFacts, 'uri'>,
): PlanOf<ResumeIntent, ResumeStep> {
  const { hostId, uuid, name: guestName } = guest;
  return {
    hostId,
    guest: { hostId, uuid },
    guestName,
    uris: { [hostId]: uri },
    intent,
    fingerprint: JSON.stringify(guest.ioError),
    disks: [],
    wholeGuest: false,
    steps: [{ kind: 'resume', hostId }],
    cost: NO_COST,
    refusals: guest.ioError === null ? [problem('NO_IO_ERROR', { guest: guestName })] : [],
    warnings: [],
    otherUsers: [],
  };
}
