import type { Box } from '../layout/layout.ts';
import type { Line } from '../layout/scene.ts';

/** An arrow from an overlay to its backing image: its line and its head, as SVG paths. */
export interface Arrow {
  readonly line: string;
  readonly head: string;
  /** The position of the edge's figures. */
  readonly middle: { readonly x: number; readonly y: number };
  /** From the backing image up, as data flows in a pull, with its head. */
  readonly flow: string;
  readonly flowHead: string;
}

/** The gap between an arrow and the boxes that it joins. */
const AIR = 5;
/** How far from its right edge a line enters an image from above. */
const ENTRY = 28;
const BEND = 6;

export function arrowOf(kind: Line['kind'], from: Box, to: Box): Arrow {
  if (kind === 'copy') return down(from, to);
  return kind === 'branch' || kind === 'joining' ? bent(from, to) : straight(from, to);
}

/** From the right side of an image over and down into one that is below, further to the right. */
function down(from: Box, to: Box): Arrow {
  const x = to.x + to.width / 2;
  const y = from.y + from.height / 2;
  const end = to.y - AIR;
  const turn = x - 2 * BEND;
  return {
    line: `M${from.x + from.width + AIR},${y}H${turn}Q${x},${y} ${x},${y + 2 * BEND}V${end}`,
    head: `M${x - 4.5},${end - 6}L${x},${end}L${x + 4.5},${end - 6}`,
    middle: { x, y: (y + end) / 2 },
    flow: '',
    flowHead: '',
  };
}

/** Straight from the left side of the overlay to the right side of the backing image. */
function straight(overlay: Box, backing: Box): Arrow {
  const y = overlay.y + overlay.height / 2;
  const from = overlay.x - AIR;
  const to = backing.x + backing.width + AIR;
  return {
    line: `M${from},${y}H${to}`,
    head: `M${to + 6},${y - 4.5}L${to},${y}L${to + 6},${y + 4.5}`,
    middle: { x: (from + to) / 2, y },
    flow: `M${to},${y}H${from}`,
    flowHead: `M${from - 6},${y - 4.5}L${from},${y}L${from - 6},${y + 4.5}`,
  };
}

/** From another disk or a branch down into the image that it shares, or straight into it where both are in one line. */
function bent(upper: Box, image: Box): Arrow {
  const y = upper.y + upper.height / 2;
  if (y >= image.y) return straight(upper, image);
  const x = image.x + image.width - ENTRY;
  const end = image.y - AIR;
  return {
    line: `M${upper.x - 1},${y}H${x + BEND}Q${x},${y} ${x},${y + BEND}V${end}`,
    head: `M${x - 4.5},${end - 6}L${x},${end}L${x + 4.5},${end - 6}`,
    middle: { x, y },
    flow: `M${x},${end}V${y + BEND}Q${x},${y} ${x + BEND},${y}H${upper.x - 1}`,
    flowHead: '',
  };
}
