import type { Disk, DiskRef, GuestRef } from '../../../model/fleet/disk.ts';
import { diskOf, type Guest } from '../../../model/fleet/guest.ts';
import { ProblemError, problem } from '../../../model/problem.ts';
import type { FreshGuests as FreshGuestsPort } from '../../ports/fresh-guests.ts';
import type { Fleet } from '../fleet/fleet.ts';

/** Reads guests, their disks and chains from libvirt at the moment of the call. */
export class FreshGuests implements FreshGuestsPort {
  readonly #fleet: Fleet;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /** Throws `GUEST_UNKNOWN`, `HOST_UNKNOWN`, `NOT_CONNECTED`, or libvirt's error. */
  async guest(ref: GuestRef): Promise<Guest> {
    const supervisor = this.#fleet.supervisor(ref.hostId);
    await supervisor.inventory().load(supervisor.source(), this.#fleet.domain(ref).domain);
    const guest = this.#fleet.guest(ref);
    if (guest === null) throw new ProblemError('not-found', problem('GUEST_UNKNOWN', { uuid: ref.uuid }));
    return guest;
  }

  /** Throws `DISK_UNKNOWN` too. */
  async disk(ref: DiskRef): Promise<{ guest: Guest; disk: Disk }> {
    const guest = await this.guest(ref);
    const disk = diskOf(guest, ref.target);
    if (disk === null) {
      throw new ProblemError('not-found', problem('DISK_UNKNOWN', { target: ref.target, guest: guest.name }));
    }
    return { guest, disk };
  }
}
