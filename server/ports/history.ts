import type { Operation } from '../../model/operation/operation.ts';

/** What was done before. */
export interface History {
  /** Operations that succeeded on a host, newest first: not all, but enough to estimate how fast the host is. */
  succeeded(hostId: string): Promise<readonly Operation[]>;
  /** `null` if there is none of this id. */
  operation(id: string): Promise<Operation | null>;
}
