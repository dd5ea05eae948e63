/** One line of the table. Every goal is an upper bound. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal: number;
  readonly ok: boolean;
  /** The basis of the value: both sides of a ratio, how many samples, the worst of them. */
  readonly detail: string;
}

/** A measurement whose value shall not be above its goal, compared as it was measured and before it is rounded. */
export function atMost(
  name: string,
  value: number,
  { unit, goal }: { unit: string; goal: number },
  detail: string,
): Measurement {
  return { name, value: rounded(value), unit, goal, ok: value <= goal, detail };
}

/** Three significant digits, and no digit of the integer part lost. */
export function rounded(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}
