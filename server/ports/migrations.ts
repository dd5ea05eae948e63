import type { GuestRef } from '../../model/fleet/disk.ts';
import type { GuestLocation } from '../../model/fleet/guest-location.ts';
import type { MemoryProgress } from '../../model/operation/operation.ts';
import type { MigrationRoute } from '../../model/plans/migrate/migration-facts.ts';
import type { Problem } from '../../model/problem.ts';

/** Live migrations. Calls throw the host's own errors. */
export interface Migrations {
  /** How the destination is reached, or why it can't be, by the hosts' URIs alone. */
  route(ref: GuestRef, to: string): MigrationRoute | Problem;
  /** Why the guest's CPU does not run at the destination; `null` where nothing speaks against it. */
  cpuProblem(ref: GuestRef, to: string): Promise<Problem | null>;
  /**
   * Resolves when libvirt has begun; it then continues without this process.
   * @param files path there, by target
   * @param failed called with libvirt's reason when the migration fails later
   */
  begin(
    ref: GuestRef,
    to: string,
    files: ReadonlyMap<string, string>,
    failed: (reason: string) => void,
  ): Promise<void>;
  /** Asks for the end of the migration. One that is already over is no error. */
  abort(ref: GuestRef): Promise<void>;
  /** `null` while no migration takes the guest away from this host. */
  progress(ref: GuestRef): Promise<MemoryProgress | null>;
  guestLocation(ref: GuestRef): Promise<GuestLocation>;
  /**
   * Whether the host has only a definition of the guest that never started there: shut off as failed, with these images.
   * @param files path of each moved disk's active image, by target
   */
  isFailedCopy(ref: GuestRef, files: ReadonlyMap<string, string>): Promise<boolean>;
  /** Removes the definition that a migration left behind, unless it is already gone; no file. */
  forgetDefinition(ref: GuestRef): Promise<void>;
}
