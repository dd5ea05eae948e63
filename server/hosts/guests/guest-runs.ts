import type { GuestRef } from '../../../model/fleet/disk.ts';
import { parseUuid } from '../../libvirt/index.ts';
import type { Guests } from '../../ports/guests.ts';
import type { Fleet } from '../fleet/fleet.ts';

/** Lets guests go on. */
export class GuestRuns implements Guests {
  readonly #fleet: Fleet;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /** Lets a paused guest go on; one that runs is no error. Throws libvirt's error. */
  async resume({ hostId, uuid }: GuestRef): Promise<void> {
    const { connection } = this.#fleet.supervisor(hostId).source();
    const name = this.#fleet.guest({ hostId, uuid })?.name ?? '';
    await connection.call('DOMAIN_RESUME', { domain: { name, uuid: parseUuid(uuid), id: -1 } });
  }
}
