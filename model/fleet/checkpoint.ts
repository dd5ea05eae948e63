import type { Problem } from '../problem.ts';
import { activeOf } from './chain.ts';
import type { Disk } from './disk.ts';

/** What libvirt stores about a checkpoint: since then QEMU notes in a dirty bitmap what changes, for incremental backups. */
export interface Checkpoint {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly parent: string | null;
  /** Targets of the disks that have a bitmap of it. */
  readonly disks: readonly string[];
}

/** The checkpoints of a guest. */
export interface Checkpoints {
  /** Oldest first; `null` if they can't be read. */
  readonly known: readonly Checkpoint[] | null;
  /** Why they are unknown; `null` if they are known. */
  readonly problem: Problem | null;
}

export const NO_CHECKPOINTS: Checkpoints = { known: [], problem: null };

/**
 * Whether a disk surely has no bitmap, so that no incremental backup can start from its checkpoints, though libvirt still
 * lists them. While the guest runs, QEMU has bitmaps that no header names yet.
 */
export function lacksBitmaps({ chain }: Disk, guestRuns: boolean): boolean {
  const active = chain && activeOf(chain);
  if (active === null || active.format === null) return false;
  if (active.format !== 'qcow2') return true;
  return !guestRuns && active.traits.known && !active.traits.bitmaps;
}
