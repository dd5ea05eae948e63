import type { ActionKind } from '../kind.ts';

export interface MigrateIntent {
  readonly kind: 'migrate';
  /** The destination's host id. */
  readonly to: string;
  /** What differs from the proposal; a disk that is not named goes to the folder of the destination's first pool. */
  readonly disks: readonly MovedTo[];
  /** Whether the storage is copied afterwards, by a pull at the destination. */
  readonly pull: boolean;
  /** Whether the snapshot records that would prevent the migration are forgotten first. */
  readonly forgetFirst: boolean;
}

export interface MovedTo {
  readonly target: string;
  /** Path of the new active image at the destination; `null` for the proposed one. */
  readonly file: string | null;
  /** Path by which the destination reads the present active image; left out if it is the same as here. */
  readonly from?: string | null | undefined;
}

export const migrateIntentKind: ActionKind<MigrateIntent> = {
  needs: ['other-host', 'running'],
  text: (_, { to }, hostNamed) => ({ host: hostNamed(to) }),
};
