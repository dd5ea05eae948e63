/** The room of a file system, or of a storage pool where nothing else tells. */
export interface FreeSpace {
  /** Where it begins: a mount point or a pool's folder. Images with one place share its room. */
  readonly fileSystem: string;
  /** Bytes that can still be written. */
  readonly free: number;
  /** How many of these bytes no operation takes. */
  readonly reserve: number;
  /** Seconds that this may be old; left out where it was measured just now. */
  readonly age?: number;
}

/** How much of every file system is kept free: a share of its size, 0 to 1, and at most so many bytes. */
export interface Reserve {
  readonly share: number;
  readonly most: number;
}

export const DEFAULT_RESERVE: Reserve = { share: 0.05, most: 10 * 2 ** 30 };

/** Bytes that are kept free of a file system of this size. */
export function reserveOf(size: number, { share, most }: Reserve): number {
  return Math.min(most, Math.floor(size * share));
}

/** Bytes that operations may take before the reserve begins; below 0 where others are in it already. */
export function spare({ free, reserve }: FreeSpace): number {
  return free - reserve;
}
