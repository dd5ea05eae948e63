import type { Progress } from '../../model/operation/operation.ts';
import { type SpacePause, waitsForOthers } from '../../model/operation/pause.ts';

/** What an operation that is paused for space waits for. */
export interface Waiting {
  /** `soon`: there is enough by now, and it resumes if that lasts. */
  readonly why: 'freeSpace' | 'others' | 'soon';
  /** Bytes that are free, by the newest sample. */
  readonly free: number;
  /** Bytes that are still to become free. */
  readonly missing: number;
}

export function waitingFor(pause: SpacePause, progress: Pick<Progress, 'free'> | null): Waiting {
  const free = progress?.free ?? pause.free;
  const enough = waitsForOthers(pause) ? 'others' : 'soon';
  return { why: free < pause.needed ? 'freeSpace' : enough, free, missing: Math.max(0, pause.needed - free) };
}
