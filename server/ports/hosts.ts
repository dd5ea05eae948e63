import type { Guest } from '../../model/fleet/guest.ts';
import type { Host } from '../../model/fleet/host.ts';
import type { ImageUser } from '../../model/fleet/sharing.ts';

/** The hosts, as the inventory has them. */
export interface Hosts {
  host(hostId: string): Host | null;
  guestsOf(hostId: string): readonly Guest[];
  usersOf(hostId: string): ReadonlyMap<string, readonly ImageUser[]>;
  /** Whether an error means that the host was lost, so that nobody knows whether the call took effect. */
  isLost(error: unknown): boolean;
}
