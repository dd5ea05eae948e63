import { planDelete } from '../../model/delete.ts';
import { planForget } from '../../model/forget.ts';
import { type Disk, diskOf, type Guest, type GuestRef, isActive } from '../../model/guest.ts';
import type { HostIntent, Intent } from '../../model/intent.ts';
import type { Plan, PlanFacts } from '../../model/plan.ts';
import { ProblemError, problem } from '../../model/problem.ts';
import { curePlanOf } from './planning/cure.ts';
import { flattenPlan } from './planning/flatten.ts';
import { mergeDownPlan } from './planning/merge-down.ts';
import { migrationPlan } from './planning/migrate.ts';
import { movePlan } from './planning/move.ts';
import { snapshotPlan } from './planning/snapshot.ts';
import type { Ports } from './ports.ts';

/** Makes plans from what the host has at that moment. */
export class Planner {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Throws a `ProblemError` where there is no such host, guest, disk or base. */
  async preview(ref: GuestRef, intent: Intent): Promise<Plan> {
    const guest = await this.#ports.disks.look(ref);
    switch (intent.kind) {
      case 'flatten':
        return flattenPlan(this.#ports, guest, diskNamed(guest, intent.target), intent, this.#facts(guest));
      case 'snapshot':
        return snapshotPlan(this.#ports, guest, intent, this.#facts(guest));
      case 'forget':
        return planForget(guest, intent, this.#facts(guest));
      case 'migrate':
        return migrationPlan(this.#ports, guest, intent);
      case 'merge-down':
        return mergeDownPlan(this.#ports, guest, diskNamed(guest, intent.target), intent, this.#facts(guest));
      case 'move':
        return movePlan(this.#ports, guest, diskNamed(guest, intent.target), intent, this.#facts(guest));
      case 'end-job':
      case 'redefine':
      case 'rewrite-header':
      case 'repair-leaks':
        return curePlanOf(this.#ports, guest, diskNamed(guest, intent.target), intent, this.#facts(guest));
    }
  }

  /** The same for what is about a host and none of its guests. */
  async previewOnHost(hostId: string, intent: HostIntent): Promise<Plan> {
    const { leftovers, hosts } = this.#ports;
    return planDelete(intent, await leftovers.find(hostId), hosts.host(hostId)?.uri ?? '');
  }

  /** What every plan rests on. */
  #facts(guest: Guest): Omit<PlanFacts, 'room' | 'maps'> {
    const { hosts } = this.#ports;
    const host = hosts.host(guest.hostId);
    return {
      uri: host?.uri ?? '',
      guestName: guest.name,
      guestRuns: isActive(guest),
      qemuVersion: host?.qemuVersion ?? null,
      records: guest.records,
      users: hosts.usersOf(guest.hostId),
    };
  }
}

/** Throws `DISK_UNKNOWN`. */
function diskNamed(guest: Guest, target: string): Disk {
  const disk = diskOf(guest, target);
  if (disk !== null) return disk;
  throw new ProblemError('not-found', problem('DISK_UNKNOWN', { target, guest: guest.name }));
}
