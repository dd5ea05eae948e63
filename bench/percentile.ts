/**
 * The smallest of the samples that at least `percent` of them are not above (nearest rank): always one that was measured.
 * Throws a RangeError where there is no sample.
 */
export function percentile(samples: readonly number[], percent: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('There is no percentile of nothing');
  return value;
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 50);
}
