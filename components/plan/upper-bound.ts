import type { ImageCost } from '../../model/plans/plan.ts';

/** Bytes that are written at most: as the plan says or, where that has no bound, as the prediction's own range ends; `null` for neither. */
export function upperBound({ atMost, predicted }: Pick<ImageCost, 'atMost' | 'predicted'>): number | null {
  return atMost ?? predicted?.most ?? null;
}
