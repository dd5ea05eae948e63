import type { Capabilities } from '../fleet/capabilities.ts';

/** What block jobs make of zeros. It depends on QEMU, and on the disk's option `discard`. */
export interface ZeroRules {
  /** Whether a commit of images below the active one writes zeros as zeros, else as data. */
  readonly committed: boolean;
  /**
   * What becomes of the room of data that zeros replace in a qcow2 image: the file system has it back, later writes may
   * take it, or the image keeps it.
   */
  readonly room: 'given-back' | 'reused' | 'kept';
  /** Whether a mirror into an empty image leaves zeros out, else it describes them. */
  readonly skipped: boolean;
  /** Whether zeros of a mirror need only fill subclusters, in an image that has them, else clusters. */
  readonly fine: boolean;
}

type Known = Pick<
  Capabilities,
  'commitKeepsZeros' | 'zerosKeepRoom' | 'mirrorSkipsHoles' | 'extendedL2Aborts'
>;

/**
 * All rules that may hold on a host; only one if its capabilities are known.
 * @param discards whether the disk has `discard='unmap'`; `null` if unknown
 */
export function zeroRules(
  { commitKeepsZeros, zerosKeepRoom, mirrorSkipsHoles, extendedL2Aborts }: Known,
  discards: boolean | null,
): readonly ZeroRules[] {
  const rooms = either(discards).flatMap((gives) =>
    gives ? ['given-back' as const] : either(zerosKeepRoom).map((keeps) => (keeps ? 'kept' : 'reused')),
  );
  return either(commitKeepsZeros).flatMap((committed) =>
    rooms.flatMap((room) =>
      either(mirrorSkipsHoles).map((skipped) => ({ committed, room, skipped, fine: !extendedL2Aborts })),
    ),
  );
}

function either(known: boolean | null): readonly boolean[] {
  return known === null ? [false, true] : [known];
}
