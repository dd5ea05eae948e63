/** The free space of a file system, or of a storage pool if nothing better is known. */
export interface FreeSpace {
  /** Its mount point, or the pool's folder. Images of one file system share its free space. */
  readonly fileSystem: string;
  /** Bytes that can still be written. */
  readonly free: number;
  /** How many of these bytes operations never use. */
  readonly reserve: number;
  /** How many seconds old this may be; left out if it was just measured. */
  readonly age?: number;
}

/** How much of every file system is kept free: a share of its size, 0 to 1, and at most so many bytes. */
export interface Reserve {
  readonly share: number;
  readonly most: number;
}

export const DEFAULT_RESERVE: Reserve = { share: 0.05, most: 10 * 2 ** 30 };

/** The reserve of a file system of this size, bytes. */
export function reserveOf(size: number, { share, most }: Reserve): number {
  return Math.min(most, Math.floor(size * share));
}

/** Bytes that operations may take before the reserve begins; below 0 if others are in it already. */
export function spare({ free, reserve }: FreeSpace): number {
  return free - reserve;
}
