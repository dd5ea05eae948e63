import { activeOf, mergedToward, positionOf } from '../../model/chain.ts';
import { planFlatten } from '../../model/flatten.ts';
import { type DiskRef, isActive } from '../../model/guest.ts';
import type { Intent, Plan } from '../../model/plan.ts';
import { ProblemError, problem } from '../../model/problem.ts';
import type { Disks, Hosts } from './ports.ts';

/** Makes plans from what the host has at that moment. */
export class Planner {
  readonly #disks: Disks;
  readonly #hosts: Hosts;

  constructor(disks: Disks, hosts: Hosts) {
    this.#disks = disks;
    this.#hosts = hosts;
  }

  /** Throws a `ProblemError` where there is no such host, guest, disk or base. */
  async preview(ref: DiskRef, intent: Intent): Promise<Plan> {
    const { guest, disk } = await this.#disks.lookAtDisk(ref);
    const { base } = intent;
    if (disk.chain !== null && base !== null && positionOf(disk.chain, base) === -1) {
      throw new ProblemError('not-found', problem('BASE_NOT_IN_CHAIN', { base }));
    }
    const host = this.#hosts.host(ref.hostId);
    const chain = disk.chain ?? { images: [] };
    const active = activeOf(chain);
    const [room, maps] = await Promise.all([
      active === null ? null : this.#disks.roomAt(ref, active),
      this.#disks.mapsOf(ref, mergedToward(chain, base)),
    ]);
    return planFlatten(ref, disk, base, {
      uri: host?.uri ?? '',
      guestName: guest.name,
      guestRuns: isActive(guest),
      qemuVersion: host?.qemuVersion ?? null,
      records: guest.records,
      users: this.#hosts.usersOf(ref.hostId),
      room,
      maps,
    });
  }
}
