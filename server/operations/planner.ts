import { activeOf, mergedToward, positionOf } from '../../model/chain.ts';
import { planFlatten } from '../../model/flatten.ts';
import { type Disk, type DiskRef, diskOf, type Guest, type GuestRef, isActive } from '../../model/guest.ts';
import type { FlattenIntent, Intent } from '../../model/intent.ts';
import type { Plan, PlanFacts } from '../../model/plan.ts';
import { ProblemError, problem } from '../../model/problem.ts';
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
        return this.#flatten(guest, intent);
      default:
        throw new Error(`Nobody plans a ${intent.kind}`);
    }
  }

  async #flatten(guest: Guest, intent: FlattenIntent): Promise<Plan> {
    const { base, target } = intent;
    const disk = diskNamed(guest, target);
    if (disk.chain !== null && base !== null && positionOf(disk.chain, base) === -1) {
      throw new ProblemError('not-found', problem('BASE_NOT_IN_CHAIN', { base }));
    }
    const chain = disk.chain ?? { images: [] };
    const active = activeOf(chain);
    const ref: DiskRef = { hostId: guest.hostId, uuid: guest.uuid, target };
    const { disks } = this.#ports;
    const [room, maps] = await Promise.all([
      active === null ? null : disks.roomAt(ref, active),
      disks.mapsOf(ref, mergedToward(chain, base)),
    ]);
    return planFlatten(refOf(guest), disk, intent, { ...this.#facts(guest), room, maps });
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

function refOf({ hostId, uuid }: Guest): GuestRef {
  return { hostId, uuid };
}

/** Throws `DISK_UNKNOWN`. */
function diskNamed(guest: Guest, target: string): Disk {
  const disk = diskOf(guest, target);
  if (disk !== null) return disk;
  throw new ProblemError('not-found', problem('DISK_UNKNOWN', { target, guest: guest.name }));
}
