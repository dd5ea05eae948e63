import type { Image } from '../fleet/image.ts';

/**
 * How many bytes QEMU asks for at once if the content comes from the image at this position, counted from 1: to the
 * end of a slice of an L2 table (`qcow2_get_host_offset`, block/qcow2-cluster.c), which has 4 KiB by default.
 */
export function spansOf(images: readonly Image[]): readonly number[] {
  let least = Number.POSITIVE_INFINITY;
  const spans = [least];
  for (const { traits } of images) {
    const { clusterSize, extendedL2 } = traits;
    const entries = Math.min(4096, clusterSize ?? 0) / (extendedL2 ? 16 : 8);
    if (clusterSize !== null) least = Math.min(least, entries * clusterSize);
    spans.push(least);
  }
  while (spans.length < 256) spans.push(least);
  return spans;
}
