import type { LeftoverReport } from '../../model/fleet/leftover.ts';
import type { DeleteStep } from '../../model/plans/delete.ts';

/** The file that was meant, as it was; another one in its place; or nothing. */
export type LeftoverState = 'there' | 'other' | 'gone';

/** Image files that nothing refers to. */
export interface LeftoversPort extends LeftoverFiles {
  /** Reads everything anew. Throws a `ProblemError` where there is no such host. */
  find(hostId: string): Promise<LeftoverReport>;
}

export interface LeftoverFiles {
  stateOf(hostId: string, file: LeftoverFile): Promise<LeftoverState>;
  /** Deletes the file through its pool. One that is gone is no error. Throws a `ProblemError`, or the host's own error. */
  remove(hostId: string, file: LeftoverFile): Promise<void>;
}

export type LeftoverFile = Pick<DeleteStep, 'file' | 'identity' | 'stamp' | 'pool'>;
