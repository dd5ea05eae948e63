import type { Capabilities } from '../../../model/fleet/capabilities.ts';
import type { Connection } from '../../libvirt/index.ts';
import type { WriteHistory } from '../../ports/write-history.ts';
import type { DaemonFolders } from './daemon-folders.ts';

/** The host that guests and images are read from. */
export interface Source {
  readonly connection: Connection;
  readonly hostId: string;
  /** Whether this process can read the host's files. */
  readonly local: boolean;
  readonly capabilities: Capabilities;
  /** The security models that it confines guests by; `null` if unknown. */
  readonly securityModels: readonly string[] | null;
  /** What the journal knows of writes to images. */
  readonly writes: WriteHistory;
  /** Where its daemon keeps its files, if this process can read them. */
  readonly folders: DaemonFolders | null;
}
