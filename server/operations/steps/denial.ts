import type { GuestRef } from '../../../model/fleet/disk.ts';
import type { Guest } from '../../../model/fleet/guest.ts';
import { type Problem, ProblemError, problem } from '../../../model/problem.ts';
import { reasonOf } from '../../../model/reason.ts';
import type { FreshGuests } from '../../ports/fresh-guests.ts';
import type { Hosts } from '../../ports/hosts.ts';
import type { Verdict } from '../verdict.ts';

interface DenialPorts {
  readonly freshGuests: Pick<FreshGuests, 'guest'>;
  readonly hosts: Pick<Hosts, 'isLost'>;
}

/** Whether QEMU says that AppArmor, SELinux, or the file's owner and mode keep it from a file. */
function isDenial(reason: string): boolean {
  return reason.includes('Permission denied');
}

function denialOf(reason: string, { confinedBy }: Guest): Problem {
  return problem('COMMIT_DENIED', {
    reason,
    by: confinedBy === null ? 'unknown' : (confinedBy[0] ?? 'none'),
  });
}

/** Makes a call that has QEMU commit. Throws `COMMIT_DENIED` where QEMU was denied an image, else what the call throws. */
export async function unlessDenied(
  { freshGuests, hosts }: DenialPorts,
  ref: GuestRef,
  call: Promise<void>,
): Promise<void> {
  try {
    await call;
  } catch (error) {
    const reason = reasonOf(error);
    // What ssh says of a lost connection is about no image.
    if (hosts.isLost(error) || !isDenial(reason)) throw error;
    throw new ProblemError('failed', denialOf(reason, await freshGuests.guest(ref)), { cause: error });
  }
}

/** The same of a job that ended: SELinux checks every write, so somebody who labels an image anew denies it to a job that runs. */
export function explained(verdict: Verdict, guest: Guest): Verdict {
  const { reason } = verdict.do === 'fail' ? verdict.problem.params : {};
  if (typeof reason !== 'string' || !isDenial(reason)) return verdict;
  return { do: 'fail', problem: denialOf(reason, guest) };
}
