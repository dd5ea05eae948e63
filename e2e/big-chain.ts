import type { DiskSpec } from '../lab/guest-spec.ts';
import { MiB } from '../lab/image.ts';
import type { LabGuest } from '../lab/lab.ts';

/** `base <- middle <- active` with so much in the middle that a throttled pull of it can be watched. */
export function bigChain(name: string): { disks: readonly DiskSpec[] } {
  const layer = (file: string, pattern: number, offset: number, length: number) => ({
    file: `${name}-${file}.qcow2`,
    writes: [{ pattern, offset: offset * MiB, length: length * MiB }],
  });
  return {
    disks: [
      { layers: [layer('base', 0x51, 0, 8), layer('middle', 0x52, 4, 96), layer('active', 0x53, 2, 4)] },
    ],
  };
}

/** The paths of that chain's images. */
export function bigImages({ disks }: LabGuest) {
  const [active = '', middle = '', base = ''] = disks[0]?.images ?? [];
  return { active, middle, base };
}
