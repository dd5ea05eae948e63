import type { Capabilities } from '../../../model/fleet/capabilities.ts';
import type { Connection } from '../../libvirt/index.ts';

/** The host that guests and images are read from. */
export interface Source {
  readonly connection: Connection;
  readonly hostId: string;
  /** Whether this process can read the host's files. */
  readonly local: boolean;
  readonly capabilities: Capabilities;
}
