/** How many groups the times fall into, where those that are less than `gap` apart belong together. */
export function bursts(times: readonly number[], gap: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted.filter((time, index) => time - (sorted[index - 1] ?? Number.NEGATIVE_INFINITY) >= gap).length;
}
