import type { Problem } from '../problem.ts';

/** One libvirt daemon, named by its connection URI. */
export interface Host {
  /** Short, stable and safe in a URL. */
  readonly id: string;
  readonly uri: string;
  readonly name: string;
  readonly state: 'connecting' | 'connected' | 'lost';
  /** Why it is not connected. */
  readonly problem: Problem | null;
  /** Whether its files can be read from here: the connection is a unix socket. */
  readonly local: boolean;
  readonly libvirtVersion: string | null;
  readonly qemuVersion: string | null;
}
