import type { DiskSpec } from '../lab/guest-spec.ts';
import { MiB } from '../lab/image.ts';

/** A chain with the snapshots `one` and `two`. */
export function twoSnapshots(name: string): { disks: readonly DiskSpec[] } {
  return {
    disks: [
      {
        size: 64 * MiB,
        layers: ['base', 'one', 'two'].map((snapshot, i) => ({
          file: `${name}-${snapshot}.qcow2`,
          writes: [{ pattern: 7 + i, offset: i * MiB, length: 2 * MiB }],
          ...(i === 0 ? {} : { snapshot }),
        })),
      },
    ],
  };
}
