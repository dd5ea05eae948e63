import type { GuestRef } from '../../model/fleet/disk.ts';
import type { GuestLocation, SharedImage } from '../../model/fleet/guest-location.ts';
import type { Pool } from '../../model/fleet/pool.ts';
import type { MemoryProgress } from '../../model/operation/operation.ts';
import type { MigrationRoute } from '../../model/plans/migrate/migration-facts.ts';
import type { Problem } from '../../model/problem.ts';

/** What a migration needs of the world, beside what all operations do. */
export interface MigrationPorts {
  readonly migrations: Migrations;
  readonly overlays: Overlays;
  readonly images: ImageIdentities;
  pools(hostId: string): Promise<readonly Pool[]>;
}

/** Calls throw the host's own errors. */
export interface Migrations {
  /** How the hosts are brought together, or why they can't be, by their URIs alone. */
  strategy(ref: GuestRef, to: string): MigrationRoute | Problem;
  cpuProblem(ref: GuestRef, to: string): Promise<Problem | null>;
  /** Resolves when libvirt works on it, which it then does without us. @param files path there, by target */
  begin(ref: GuestRef, to: string, files: ReadonlyMap<string, string>): Promise<void>;
  abort(ref: GuestRef): Promise<void>;
  /** `null` while no migration takes the guest away from this host. */
  progress(ref: GuestRef): Promise<MemoryProgress | null>;
  guestLocation(ref: GuestRef): Promise<GuestLocation>;
  forgetDefinition(ref: GuestRef): Promise<void>;
  takeReason(ref: GuestRef): string | null;
}

/** An empty image over another one, at a place where nothing is before. */
export interface NewOverlay {
  readonly file: string;
  readonly backing: { readonly path: string; readonly format: string };
  readonly virtualSize: number;
}

export interface Overlays {
  make(hostId: string, overlay: NewOverlay): Promise<void>;
  /** `untouched`: just as it was made, nothing written into it. */
  look(hostId: string, overlay: NewOverlay): Promise<'none' | 'untouched' | 'other'>;
  remove(hostId: string, overlay: NewOverlay): Promise<void>;
}

export interface ImageIdentities {
  /** Each image of a chain with what the other host has below its path for the active one. */
  compare(
    from: string,
    to: string,
    chain: readonly string[],
    there: { readonly path: string; readonly format: string },
  ): Promise<readonly SharedImage[]>;
}
