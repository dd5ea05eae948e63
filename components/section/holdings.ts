import type { CrossSection, LayerBuckets, SectionLayer } from '../../model/content/cross-section.ts';

/** Bytes of one image, of the whole disk or of a part of it. */
export interface Holdings {
  readonly read: number;
  readonly zeros: number;
  readonly hidden: number;
}

export function totalOf({ read, zeros, hidden }: LayerBuckets): Holdings {
  const sum = (bytes: Float64Array) => bytes.reduce((total, some) => total + some, 0);
  return { read: sum(read), zeros: sum(zeros), hidden: sum(hidden) };
}

export function heldAt({ read, zeros, hidden }: LayerBuckets, bucket: number): Holdings {
  return { read: read[bucket] ?? 0, zeros: zeros[bucket] ?? 0, hidden: hidden[bucket] ?? 0 };
}

export function isEmpty({ read, zeros, hidden }: Holdings): boolean {
  return read + zeros + hidden === 0;
}

/** A part of the disk that is pointed at. */
export interface Spot {
  /** Bytes. */
  readonly offset: number;
  readonly length: number;
  /** Images that hold something there, from the active one down, and those of which nobody knows. */
  readonly layers: readonly { readonly layer: SectionLayer; readonly held: Holdings | null }[];
}

export function spotAt(section: CrossSection, bucket: number): Spot {
  const offset = bucket * section.bucketSize;
  return {
    offset,
    length: Math.min(section.bucketSize, section.size - offset),
    layers: section.layers
      .map((layer) => ({ layer, held: layer.holds && heldAt(layer.holds, bucket) }))
      .filter(({ held }) => held === null || !isEmpty(held)),
  };
}

/** Buckets that a step with the page keys goes over. */
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
