import type { DiskSpec } from '../lab/guest-spec.ts';
import { GiB, MiB } from '../lab/image.ts';
import type { LabGuest } from '../lab/lab.ts';

/** The guide's chain `base <- snap1 <- snap2 <- active`: what each image holds is hidden in part by the one above. */
export function guideChain(name: string): { disks: readonly DiskSpec[] } {
  const layer = (file: string, pattern: number, offset: number, length: number) => ({
    file: `${name}-${file}`,
    writes: [{ pattern, offset: offset * MiB, length: length * MiB }],
  });
  return {
    disks: [
      {
        size: GiB,
        layers: [
          { ...layer('base.img', 0x11, 0, 16), format: 'raw' },
          { ...layer('snap1.qcow2', 0x22, 8, 24), snapshot: 'snap1' },
          { ...layer('snap2.qcow2', 0x33, 24, 32), snapshot: 'snap2' },
          layer('active.qcow2', 0x44, 4, 8),
        ],
      },
    ],
  };
}

/** The paths of that chain's images. */
export function guideImages({ disks }: LabGuest) {
  const [active = '', snap2 = '', snap1 = '', base = ''] = disks[0]?.images ?? [];
  return { active, snap2, snap1, base };
}
