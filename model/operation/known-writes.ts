import type { KnownWrite } from '../fleet/known-write.ts';
import { stepKindOf } from '../kinds/kinds.ts';
import type { Operation } from './operation.ts';

/** What an operation wrote or writes without changing what the snapshots read that its plan keeps. */
export function knownWrites({ plan, steps, endedAt }: Operation): readonly KnownWrite[] {
  const { kept } = plan;
  if (kept === undefined) return [];
  return plan.steps.flatMap((step, i) => {
    const status = steps[i];
    // Not from the start of the operation: it may have waited for hours, and somebody else written meanwhile.
    const from = status?.firstStartedAt ?? status?.startedAt;
    if (status === undefined || from === undefined) return [];
    const until = status.endedAt ?? endedAt;
    return (stepKindOf(step).rewrites?.(step) ?? []).map((image) => ({
      image,
      from,
      until,
      kept,
    }));
  });
}
