import type { LeftBehind } from '../fleet/leftover.ts';
import { stepKindOf } from '../kinds/kinds.ts';
import { isOver, type Operation } from './operation.ts';

/** An image that an operation left behind, with its format. */
export interface LeftImage extends LeftBehind {
  readonly format: string | null;
}

/**
 * Which operation left an image behind, by the image's key: an operation after which the image was no longer in its
 * chain, or one that made the image and did not succeed. If there are several, the last.
 */
export function leftBehind(operations: readonly Operation[]): ReadonlyMap<string, LeftImage> {
  const found = new Map<string, LeftImage>();
  for (const operation of operations.filter(isOver).toSorted((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0))) {
    const { id: operationId, plan, endedAt } = operation;
    const left = {
      operationId,
      hostId: plan.hostId,
      intent: plan.intent.kind,
      guestName: plan.guestName,
      at: endedAt ?? 0,
    };
    for (const [key, format] of dropped(operation)) found.set(key, { ...left, format });
  }
  return found;
}

/** Whether it is over and left images behind. */
export function leavesImages(operation: Operation): boolean {
  return isOver(operation) && dropped(operation).length > 0;
}

function dropped({ plan, state, steps }: Operation): readonly (readonly [string, string | null])[] {
  const done = plan.steps.some((_, i) => steps[i]?.state === 'done');
  const gone = plan.disks.flatMap(({ now, after }) => {
    const stay = new Set(after.images.map(({ key }) => key));
    return now.images.filter(({ key }) => !stay.has(key)).map(({ key, format }) => [key, format] as const);
  });
  const made = plan.steps.flatMap((step) =>
    (stepKindOf(step).leavesOnFailure?.(step) ?? []).map(({ file, format }) => [file, format] as const),
  );
  return [...(done ? gone : []), ...(state === 'succeeded' ? [] : made)];
}
