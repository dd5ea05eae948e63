/** Layers that are drawn one by one. More can't be counted at a glance. */
export const COUNTED = 12;

/** Pixels of one layer with the gap before the next. */
const PITCH = 4;

/** Pixels that twice as many layers take more, once they are not counted any more. */
const DOUBLED = 10;

/** How long a chain of so many layers is drawn, pixels: a longer one always longer, and none longer than a list has space for. */
export function strataWidth(depth: number): number {
  if (depth <= COUNTED) return Math.max(0, depth * PITCH - 1);
  return COUNTED * PITCH - 1 + DOUBLED * Math.log2(depth / COUNTED);
}
