import type { CrossSection, LayerBuckets } from '../../model/content/cross-section.ts';

/** Rows of pixels for each layer: its data, and its zeros, which are drawn as a line. */
export const ROWS = 2;

/** The opacity of the least and the most data, of 255: a single cluster can be seen on the largest disk. */
const READ = { least: 120, most: 255 };
const HIDDEN = { least: 34, most: 72 };
const ZEROS = { least: 120, most: 255 };

export type Rgb = readonly [red: number, green: number, blue: number];

/**
 * Writes the rows of one layer, as wide as the drawing, into `pixels` (RGBA): solid where the guest reads data there, pale
 * where an image above hides it.
 *
 * @param from the first pixel of the first row
 */
export function putLayer(
  pixels: Uint8ClampedArray,
  from: number,
  width: number,
  { size, bucketSize, buckets }: CrossSection,
  { read, zeros, hidden }: LayerBuckets,
  [red, green, blue]: Rgb,
): void {
  if (buckets === 0) return;
  const perPixel = size / bucketSize / width;
  for (let x = 0; x < width; x++) {
    const first = Math.min(buckets - 1, Math.floor(x * perPixel));
    const end = Math.max(first + 1, Math.min(buckets, Math.ceil((x + 1) * perPixel)));
    const solid = opacity(share(read, first, end, bucketSize), READ);
    const pale = opacity(share(hidden, first, end, bucketSize), HIDDEN);
    const blank = opacity(share(zeros, first, end, bucketSize), ZEROS);
    const at = (from + x) * 4;
    put(at, Math.max(solid, pale));
    put(at + width * 4, blank);
  }

  function put(at: number, alpha: number) {
    pixels[at] = red;
    pixels[at + 1] = green;
    pixels[at + 2] = blue;
    pixels[at + 3] = alpha;
  }
}

function share(bytes: Float64Array, first: number, end: number, bucketSize: number): number {
  let sum = 0;
  for (let bucket = first; bucket < end; bucket++) sum += bytes[bucket] ?? 0;
  return Math.min(1, sum / ((end - first) * bucketSize));
}

function opacity(of: number, { least, most }: { least: number; most: number }): number {
  return of === 0 ? 0 : least + (most - least) * of;
}
