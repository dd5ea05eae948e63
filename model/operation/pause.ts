import type { FreeSpace } from '../fleet/free-space.ts';

/** What is done with an operation before a file system that it writes to is full. */
export const ON_FULL = ['pause', 'cancel'] as const;
export type OnFull = (typeof ON_FULL)[number];

/** The room that a step waits for. */
export interface SpacePause {
  readonly step: number;
  /** As `FreeSpace` has it. */
  readonly fileSystem: string;
  /** Bytes that were free there when it began to wait. */
  readonly free: number;
  /** It goes on when so many bytes are free. */
  readonly needed: number;
  /**
   * With so many bytes free it could go on if it took from the reserve; `null` if it does that already. Left out in
   * older journals.
   */
  readonly neededWithReserve?: number | null;
}

/** How the room of a place shrinks under work that writes there. */
export interface Drain {
  /** Bytes that the work grows by per second. */
  readonly rate: number;
  /** Bytes per second that anybody else takes. */
  readonly others: number;
  /** Bytes that the work may still write; `Infinity` if unknown. */
  readonly remaining: number;
  /** Bytes that QEMU may still write once it was told to stand still. */
  readonly overrun: number;
}

/** Seconds until work that has to stand still does, at most: a look, and a slow answer of the host. */
const REACTION = 2;
/** Bytes more than the floor, at most, before work goes on: what wakes at the floor itself would stop again at once. */
const MOST_AIR = 2 ** 30;

/** Below so many free bytes work has to stand still: the reserve, and never less than what is gone before it does. */
export function floorOf(
  { reserve, age = 0 }: FreeSpace,
  { rate, others, remaining, overrun }: Drain,
): number {
  const late = age + REACTION;
  const own = Math.min(remaining, overrun + rate * late);
  return Math.ceil(Math.max(reserve, own + others * late));
}

/**
 * The hold of work that has to stand still in this room; `null` if it may go on.
 * @param sparing whether it leaves the reserve alone
 */
export function pauseIn(measured: FreeSpace, drain: Drain, step: number, sparing = true): SpacePause | null {
  const freeSpace = sparing ? measured : withoutReserve(measured);
  if (drain.remaining === 0 || freeSpace.free >= floorOf(freeSpace, drain)) return null;
  // Others may stop as suddenly as they began.
  const still = { ...drain, others: 0 };
  const floor = floorOf(freeSpace, still);
  const air = Math.min(Math.ceil(floor / 2), MOST_AIR);
  // Where all of it fits, there is nothing more to wait for.
  const until = Math.min(floor + air, Math.max(floor, freeSpace.reserve + drain.remaining));
  const least = sparing ? floorOf(withoutReserve(freeSpace), still) : null;
  return {
    step,
    fileSystem: freeSpace.fileSystem,
    free: freeSpace.free,
    needed: until,
    neededWithReserve: least,
  };
}

/** The room for work that may take from the reserve: it still has to stand still before nothing at all is left. */
export function withoutReserve(freeSpace: FreeSpace): FreeSpace {
  return { ...freeSpace, reserve: 0 };
}

/** Whether work that waits for this would go on, with so many bytes free, if it might take from the reserve. */
export function mayTakeReserve({ neededWithReserve: least = 0 }: SpacePause, free: number): boolean {
  return least !== null && free >= least;
}

/** Whether it waits for others to stop rather than for more room: they fill it so fast that it will not last. */
export function waitsForOthers({ free, needed: until }: SpacePause): boolean {
  return free >= until;
}

/** Whether work that stands still for this hold may go on in what the room is now. */
export function mayResume(freeSpace: FreeSpace, drain: Drain, { needed: until }: SpacePause): boolean {
  return drain.remaining === 0 || freeSpace.free >= Math.max(until, floorOf(freeSpace, drain));
}

/** Whether the floor may be reached before the next look but one. @param every seconds between looks */
export function isNear(freeSpace: FreeSpace, drain: Drain, every: number): boolean {
  return freeSpace.free - floorOf(freeSpace, drain) <= (drain.rate + drain.others) * 2 * every;
}
