import type { Dependents } from '../../fleet/dependents.ts';
import { type Guest, isActive } from '../../fleet/guest.ts';
import type { Image } from '../../fleet/image.ts';
import { type Problem, problem } from '../../problem.ts';
import { sharedRefusals } from '../shared-refusals.ts';

/** Facts of an image whose header or tables are written while no QEMU has it open. */
export interface OfflineFacts {
  /** Whether the host's files are on this machine. */
  readonly local: boolean;
  readonly dependents: Dependents;
}

/** Why an image's own header or tables must not be written: a QEMU has it open, or others use it. */
export function offlineRefusals(
  guest: Guest,
  image: Image | undefined,
  { local, dependents }: OfflineFacts,
): readonly Problem[] {
  if (!local) return [problem('IMAGE_OUT_OF_REACH')];
  if (image === undefined) return [problem('CHAIN_CHANGED')];
  if (image.missing) return [problem('IMAGE_MISSING', { image: image.key })];
  if (image.format !== 'qcow2') return [problem('IMAGE_NOT_QCOW2', { image: image.key })];
  return [
    ...(isActive(guest) ? [problem('GUEST_RUNS', { guest: guest.name })] : []),
    ...sharedRefusals(
      // The guest's own snapshots rest on its chain, and gain by what mends it.
      { ...dependents, records: dependents.records.filter(({ uuid }) => uuid !== guest.uuid) },
      { images: [image] },
      {
        shared: 'HEADER_SHARED',
        record: 'HEADER_RECORDED',
        backing: 'HEADER_BACKS',
        left: 'LEFTOVER_DEPENDS',
      },
    ),
  ];
}
