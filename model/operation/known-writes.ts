import type { KnownWrite } from '../fleet/known-write.ts';
import { stepKindOf } from '../kinds/kinds.ts';
import type { Operation } from './operation.ts';

/** What an operation wrote or writes without changing what the snapshots read that its plan keeps. */
export function knownWrites({ plan, steps, startedAt, endedAt }: Operation): readonly KnownWrite[] {
  const { kept } = plan;
  if (kept === undefined || startedAt === null) return [];
  return plan.steps.flatMap((step, i) => {
    const status = steps[i];
    if (status === undefined || status.state === 'waiting') return [];
    const until = status.endedAt ?? endedAt;
    // libvirt may have been called for it more than once.
    return (stepKindOf(step).rewrites?.(step) ?? []).map((image) => ({
      image,
      from: startedAt,
      until,
      kept,
    }));
  });
}
