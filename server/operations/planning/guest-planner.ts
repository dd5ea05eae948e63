import type { Disk } from '../../../model/fleet/disk.ts';
import { diskOf, type Guest } from '../../../model/fleet/guest.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import { ProblemError, problem } from '../../../model/problem.ts';
import type { Ports } from '../../ports/ports.ts';
import type { CommonFacts } from './common-facts.ts';

/** Reads what one kind of intent needs to know, and plans. Declared as methods for the reason that `DriverOf` in `server/operations/kinds.ts` gives. */
export interface GuestPlanner<I> {
  plan(ports: Ports, guest: Guest, intent: I, facts: CommonFacts): Plan | Promise<Plan>;
}

interface DiskPlanner<I> {
  plan(ports: Ports, guest: Guest, disk: Disk, intent: I, facts: CommonFacts): Plan | Promise<Plan>;
}

export function onDisk<I extends { readonly target: string }>(
  plan: DiskPlanner<I>['plan'],
): GuestPlanner<I>['plan'] {
  return (ports, guest, intent, facts) => plan(ports, guest, diskNamed(guest, intent.target), intent, facts);
}

/** Throws `DISK_UNKNOWN`. */
export function diskNamed(guest: Guest, target: string): Disk {
  const disk = diskOf(guest, target);
  if (disk !== null) return disk;
  throw new ProblemError('not-found', problem('DISK_UNKNOWN', { target, guest: guest.name }));
}
