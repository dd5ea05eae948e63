import type { Problem } from '../problem.ts';
import type { Capabilities, Versions } from './capabilities.ts';

/** One libvirt daemon, named by its connection URI. */
export interface Host extends Versions {
  /** Short, stable and safe in a URL. */
  readonly id: string;
  readonly uri: string;
  readonly name: string;
  readonly state: 'connecting' | 'connected' | 'lost';
  /** Why it is not connected. */
  readonly problem: Problem | null;
  /** Whether its files can be read from here: the connection is a unix socket. */
  readonly local: boolean;
  /** Decided whenever it is connected. */
  readonly capabilities: Capabilities;
}
