/** Named colours of the ramp, from the base to the active image. The values are in `app/globals.css`, by theme. */
const RAMP = ['--stratum-0', '--stratum-1', '--stratum-2', '--stratum-3'] as const;

/**
 * The colour of one layer: pale for the active image, dark for the base, the same wherever the layer is drawn.
 * A CSS colour that follows the theme. `position` counts from the active image (0) down; `depth` is the
 * number of images in the chain.
 */
export function stratumColor(position: number, depth: number): string {
  const height = depth <= 1 ? 1 : 1 - Math.min(Math.max(position, 0), depth - 1) / (depth - 1);
  const place = height * (RAMP.length - 1);
  const below = Math.floor(place);
  const share = Math.round((place - below) * 100);
  const [lower, upper] = [RAMP[below], RAMP[below + 1]];
  if (upper === undefined || share === 0) return `var(${lower})`;
  return `color-mix(in oklab, var(${upper}) ${share}%, var(${lower}))`;
}
