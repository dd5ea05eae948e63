import type { ClusterMap } from '../../../model/content/cluster-map.ts';
import type { TargetLayout } from '../../../model/content/target-layout.ts';

/** Bytes of memory that a map takes. */
export function mapBytes({ data, zeros }: ClusterMap): number {
  return data.byteLength + zeros.byteLength;
}

/** Bytes of memory that a layout takes. */
export function layoutBytes({ placed, compressed, subclusters, tables }: TargetLayout): number {
  return placed.byteLength + compressed.byteLength + (subclusters?.byteLength ?? 0) + tables.byteLength;
}
