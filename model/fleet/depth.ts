import type { Capabilities, MostLayers } from './capabilities.ts';
import { NESTED } from './capabilities.ts';
import type { Chain } from './chain.ts';
import { type Image, isAlwaysBase } from './image.ts';

/** How deep a chain is, and how deep it can be. */
export interface Depth {
  readonly layers: number;
  readonly most: number;
}

/** The depth of a chain that its host can't take: its guest does not start. `null` if it can. What is unknown counts as the worst. */
export function tooDeep(chain: Chain, { mostLayers }: Pick<Capabilities, 'mostLayers'>): Depth | null {
  const depth = depthIn(chain, mostLayers ?? NESTED, mayHaveBitmaps);
  return depth.layers > depth.most ? depth : null;
}

/** Whether QEMU must not be asked to describe this chain, which would break the guest's monitor for good. */
export function breaksWhenAsked(chain: Chain, capabilities: Pick<Capabilities, 'mostLayers'>): boolean {
  return capabilities.mostLayers?.breaksRunning !== false && tooDeep(chain, capabilities) !== null;
}

/** The depth of a chain by what is known of its bitmaps. */
export function knownDepth(chain: Chain, mostLayers: MostLayers): Depth {
  return depthIn(chain, mostLayers, ({ traits }) => traits.bitmaps);
}

/** A layer with bitmaps must not be too far down; those below it count on top. */
function depthIn(
  { images }: Chain,
  { any, withBitmaps }: MostLayers,
  hasBitmaps: (image: Image) => boolean,
): Depth {
  const layers = images.length;
  const most = images.map((image, above) => (hasBitmaps(image) ? withBitmaps + layers - above - 1 : any));
  return { layers, most: Math.min(any, ...most) };
}

function mayHaveBitmaps({ format, traits }: Image): boolean {
  return traits.bitmaps || !(traits.known || isAlwaysBase(format));
}
