import type { GuestRef } from '../../../model/fleet/disk.ts';
import type { Guests } from '../../ports/guests.ts';
import type { Fleet } from '../fleet/fleet.ts';

/** Resumes guests. */
export class GuestRuns implements Guests {
  readonly #fleet: Fleet;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /** Resumes a paused guest; a running one is no error. Throws libvirt's error. */
  async resume(ref: GuestRef): Promise<void> {
    const { connection, domain } = this.#fleet.domain(ref);
    await connection.call('DOMAIN_RESUME', { domain });
  }
}
