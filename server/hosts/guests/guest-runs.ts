import type { GuestRef } from '../../../model/fleet/disk.ts';
import { DomainDestroyFlag, isOperationInvalid } from '../../libvirt/index.ts';
import type { Guests } from '../../ports/guests.ts';
import type { Fleet } from '../fleet/fleet.ts';

/** Resumes and stops guests. */
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

  /** Ends a guest's QEMU, but does not kill it; one that is off is no error. Throws libvirt's error. */
  async stop(ref: GuestRef): Promise<void> {
    const { connection, domain } = this.#fleet.domain(ref);
    try {
      await connection.long('DOMAIN_DESTROY_FLAGS', { domain, flags: DomainDestroyFlag.GRACEFUL });
    } catch (error) {
      // Somebody else ended it meanwhile.
      if (!isOperationInvalid(error)) throw error;
    } finally {
      this.#fleet.refresh(ref);
    }
  }
}
