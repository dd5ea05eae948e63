import type { CrossSection, LayerBuckets, SectionLayer } from '../../model/content/cross-section.ts';

/** Bytes of one image in the whole disk, or in a part of it: those that the guest reads, zeros, and those that are hidden. */
export interface LayerBytes {
  readonly read: number;
  readonly zeros: number;
  readonly hidden: number;
}

export function totalOf({ read, zeros, hidden }: LayerBuckets): LayerBytes {
  const sum = (bytes: Float64Array) => bytes.reduce((total, some) => total + some, 0);
  return { read: sum(read), zeros: sum(zeros), hidden: sum(hidden) };
}

export function bytesAt({ read, zeros, hidden }: LayerBuckets, bucket: number): LayerBytes {
  return { read: read[bucket] ?? 0, zeros: zeros[bucket] ?? 0, hidden: hidden[bucket] ?? 0 };
}

export function isEmpty({ read, zeros, hidden }: LayerBytes): boolean {
  return read + zeros + hidden === 0;
}

/** The part of the disk that the cursor points at. */
export interface CursorPosition {
  /** Bytes. */
  readonly offset: number;
  readonly length: number;
  /** Images that hold something there, from the active one down, and those whose allocation map is unknown. */
  readonly layers: readonly { readonly layer: SectionLayer; readonly bytes: LayerBytes | null }[];
}

export function positionAt(section: CrossSection, bucket: number): CursorPosition {
  const offset = bucket * section.bucketSize;
  return {
    offset,
    length: Math.min(section.bucketSize, section.size - offset),
    layers: section.layers
      .map((layer) => ({ layer, bytes: layer.holds && bytesAt(layer.holds, bucket) }))
      .filter(({ bytes }) => bytes === null || !isEmpty(bytes)),
  };
}

/** The page keys move by this part of all buckets. */
const PAGE = 20;

/** The bucket that a key leads to; `null` for a key that leads nowhere. */
export function moved(key: string, bucket: number, buckets: number): number | null {
  const page = Math.ceil(buckets / PAGE);
  const to = {
    ArrowRight: bucket + 1,
    ArrowUp: bucket + 1,
    ArrowLeft: bucket - 1,
    ArrowDown: bucket - 1,
    PageUp: bucket + page,
    PageDown: bucket - page,
    Home: 0,
    End: buckets - 1,
  }[key];
  return to === undefined ? null : Math.min(Math.max(to, 0), buckets - 1);
}
