import type { Box } from '../layout/layout.ts';

export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const MARGIN = 20;
export const MIN_ZOOM = 0.03;
export const MAX_ZOOM = 1.6;

/** Below this zoom a node shows its name only, in large letters. */
export const FAR_ZOOM = 0.7;

/** Below this zoom nothing can be read, and a node is its colour. */
export const SPECK_ZOOM = 0.25;

/** Nothing smaller than this is shown unasked: the rest of a long chain is a drag, or the minimap, away. */
const LEAST_UNASKED = 0.5;

/** All of `content`, from the top left, never enlarged. */
export function fitted(content: Box, pane: Size): View {
  const zoom = clamp(
    Math.min((pane.width - 2 * MARGIN) / content.width, (pane.height - 2 * MARGIN) / content.height),
    MIN_ZOOM,
    1,
  );
  return { zoom, x: MARGIN - content.x * zoom, y: MARGIN - content.y * zoom };
}

/**
 * All of `content` where it stays readable, else its right end, where the active image is, and as much above the chain as fits.
 *
 * @param bottom of the chain
 */
export function opening(content: Box, pane: Size, bottom: number): View {
  const whole = fitted(content, pane);
  if (whole.zoom >= LEAST_UNASKED) return whole;
  const zoom = LEAST_UNASKED;
  const x = Math.min(MARGIN - content.x * zoom, pane.width - MARGIN - (content.x + content.width) * zoom);
  const y = Math.min(MARGIN - content.y * zoom, pane.height - MARGIN - bottom * zoom);
  return { zoom, x, y };
}

/** The view moved just as far as it takes to have `box` in it. */
export function revealed(box: Box, view: View, pane: Size): View {
  const shift = (start: number, length: number, visible: number) => {
    const before = MARGIN - start;
    const after = visible - MARGIN - (start + length);
    return before > 0 ? before : Math.min(after, 0);
  };
  return {
    zoom: view.zoom,
    x: view.x + shift(box.x * view.zoom + view.x, box.width * view.zoom, pane.width),
    y: view.y + shift(box.y * view.zoom + view.y, box.height * view.zoom, pane.height),
  };
}

/** The view moved along the chain until the place `x` is in the middle. */
export function centred(x: number, view: View, pane: Pick<Size, 'width'>): View {
  return { ...view, x: pane.width / 2 - x * view.zoom };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
