import type { FreeSpace } from '../fleet/free-space.ts';

/** What to do with an operation before the file system that it writes to is full. */
export const ON_FULL = ['pause', 'cancel'] as const;
export type OnFull = (typeof ON_FULL)[number];

/** A pause until there is more free space. */
export interface SpacePause {
  readonly step: number;
  /** As `FreeSpace` has it. */
  readonly fileSystem: string;
  /** Bytes that were free when the pause began. */
  readonly free: number;
  /** It resumes when so many bytes are free. */
  readonly needed: number;
  /**
   * It could resume with so many bytes free if it used the reserve; `null` if it uses the reserve already. Left out
   * in older journals.
   */
  readonly neededWithReserve?: number | null;
}

/** How fast the free space of a file system shrinks. */
export interface Drain {
  /** Bytes per second that the work writes. */
  readonly rate: number;
  /** Bytes per second that others write. */
  readonly others: number;
  /** Bytes that the work may still write; `Infinity` if unknown. */
  readonly remaining: number;
  /** Bytes that QEMU may still write after it was asked to pause. */
  readonly overrun: number;
}

/** The most seconds until work pauses: the interval of readings, and a slow answer of the host. */
const REACTION = 2;
/** The most bytes above the floor before work resumes. If it resumed at the floor, it would pause again at once. */
const MOST_AIR = 2 ** 30;

/**
 * Below so many free bytes the work pauses: the reserve, and never less than what is written before the pause takes
 * effect.
 */
export function floorOf(
  { reserve, age = 0 }: FreeSpace,
  { rate, others, remaining, overrun }: Drain,
): number {
  const late = age + REACTION;
  const own = Math.min(remaining, overrun + rate * late);
  return Math.ceil(Math.max(reserve, own + others * late));
}

/**
 * The pause of work that has too little free space; `null` if it may run.
 * @param sparing whether it leaves the reserve alone
 */
export function pauseIn(measured: FreeSpace, drain: Drain, step: number, sparing = true): SpacePause | null {
  const freeSpace = sparing ? measured : withoutReserve(measured);
  if (drain.remaining === 0 || freeSpace.free >= floorOf(freeSpace, drain)) return null;
  // Others may stop writing at any time.
  const still = { ...drain, others: 0 };
  const floor = floorOf(freeSpace, still);
  const air = Math.min(Math.ceil(floor / 2), MOST_AIR);
  // If all remaining work fits, it needs no more.
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

/** The free space for work that may use the reserve. It still pauses before nothing is left. */
export function withoutReserve(freeSpace: FreeSpace): FreeSpace {
  return { ...freeSpace, reserve: 0 };
}

/** Whether paused work could resume with so many bytes free if it used the reserve. */
export function mayTakeReserve({ neededWithReserve: least = 0 }: SpacePause, free: number): boolean {
  return least !== null && free >= least;
}

/** Whether the pause waits for others to stop writing: there is enough free space, but they fill it too fast. */
export function waitsForOthers({ free, needed: until }: SpacePause): boolean {
  return free >= until;
}

/** Whether paused work may resume with the present free space. */
export function mayResume(freeSpace: FreeSpace, drain: Drain, { needed: until }: SpacePause): boolean {
  return drain.remaining === 0 || freeSpace.free >= Math.max(until, floorOf(freeSpace, drain));
}

/** Whether the floor may be reached before the second next reading. @param every seconds between readings */
export function isNear(freeSpace: FreeSpace, drain: Drain, every: number): boolean {
  return freeSpace.free - floorOf(freeSpace, drain) <= (drain.rate + drain.others) * 2 * every;
}
