import type { Destination } from '../../model/fleet/destination.ts';

export interface Destinations {
  /** What is at a path of the host. Throws `HOST_UNKNOWN` or `NOT_CONNECTED`. */
  inspect(hostId: string, path: string): Promise<Destination>;
}
