import type { Guest } from '../../fleet/guest.ts';
import { problem } from '../../problem.ts';
import type { ResumeIntent } from '../intent.ts';
import { NO_COST, type Plan, type PlanFacts } from '../plan.ts';

/** The plan that lets a guest go on which QEMU paused for an I/O error. Who was paused by somebody is left to them. */
export function planResume(guest: Guest, intent: ResumeIntent, { uri }: Pick<PlanFacts, 'uri'>): Plan {
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
    others: [],
  };
}
