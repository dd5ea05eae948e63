import type { Range } from '../content/target-layout.ts';
import { movedBy } from '../cost/prediction.ts';
import type { Step } from '../kinds/kinds.ts';
import type { Plan } from '../kinds/plan.ts';
import { stepCost } from '../kinds/step-cost.ts';
import { isBlockJob } from '../kinds/step-work.ts';
import type { Operation, StepStatus } from './operation.ts';

/** A smaller job measures its start and not its speed. */
const LEAST_BYTES = 8 * 2 ** 20;
/** How many of the newest jobs of a kind count. */
const ASKED = 9;

export type Rates = ReadonlyMap<Step['kind'], Rate>;

/** Bytes per second: the slowest, the median and the fastest of the newest jobs. */
export interface Rate {
  readonly slow: number;
  readonly median: number;
  readonly fast: number;
}

/**
 * How fast each kind of block job has been, from operations that succeeded, the newest first. Operations that had a
 * speed limit or were paused for space do not count, nor do jobs that copied very little.
 */
export function ratesOf(operations: readonly Operation[]): Rates {
  const seen = new Map<Step['kind'], number[]>();
  for (const operation of operations) {
    if (operation.bandwidth !== 0 || operation.wasPaused) continue;
    for (const [i, step] of operation.plan.steps.entries()) {
      // If its end was not seen, its duration is unknown.
      if (!isBlockJob(step) || operation.steps[i]?.lastSeenAt !== undefined) continue;
      const { grownBy: copied, startedAt, endedAt } = measured(operation, i);
      if (copied == null || copied < LEAST_BYTES || startedAt == null || endedAt == null) continue;
      const rates = seen.get(step.kind) ?? [];
      if (rates.length < ASKED) rates.push((copied * 1000) / Math.max(1, endedAt - startedAt));
      seen.set(step.kind, rates);
    }
  }
  return new Map([...seen].map(([kind, rates]) => [kind, rateOf(rates.toSorted((a, b) => a - b))]));
}

/**
 * What was measured of a step. Older journals have whole operations only, which is the same if they had one job.
 */
function measured(operation: Operation, at: number): Pick<StepStatus, 'grownBy'> & Partial<Times> {
  const { plan, steps } = operation;
  const step = steps[at];
  // If it overwrote data, no image grew, and only the plan has the number of copied bytes.
  const moved = stepCost(plan, at)?.predicted?.moved;
  if (step?.endedAt !== undefined) return { ...step, grownBy: moved ?? step.grownBy ?? null };
  if (plan.steps.filter(isBlockJob).length !== 1) return {};
  return { ...operation, grownBy: moved ?? operation.grownBy };
}

interface Times {
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

function rateOf(sorted: readonly number[]): Rate {
  const at = (share: number) => sorted[Math.round((sorted.length - 1) * share)] ?? 0;
  return { slow: at(0), median: at(0.5), fast: at(1) };
}

/**
 * Milliseconds that the plan's block jobs will take without a speed limit; `null` if a kind of job was not measured
 * on its host yet, or if it is unknown what it copies.
 * @param ratesOn rates by host
 */
export function timeOf(plan: Plan, ratesOn: (hostId: string) => Rates): Range | null {
  let sum: Range | null = { least: 0, likely: 0, most: 0 };
  for (const [i, step] of plan.steps.entries()) {
    const cost = stepCost(plan, i);
    if (cost === null || sum === null) continue;
    const rate = ratesOn(step.hostId).get(step.kind);
    const { predicted } = cost;
    if (rate === undefined || predicted == null || predicted.basis === 'allocations') return null;
    const { least, likely, most } = movedBy(predicted);
    sum = {
      least: sum.least + (least * 1000) / rate.fast,
      likely: sum.likely + (likely * 1000) / rate.median,
      most: sum.most + (most * 1000) / rate.slow,
    };
  }
  return sum;
}

/**
 * The likely time with a speed limit.
 * @param bandwidth bytes per second, 0 for no limit
 */
export function limitedTime(time: number, bytes: number, bandwidth: number): number {
  return bandwidth === 0 ? time : Math.max(time, (bytes * 1000) / bandwidth);
}
