import type { CrossSection } from '../../model/content/cross-section.ts';
import { putLayer, type Rgb, ROWS } from './layer-pixels.ts';
import type { Pixels } from './use-pixels.ts';

export interface BandStyle extends Pixels {
  /** The theme, which names the current values of the variables in colours. */
  readonly theme: string;
  /** CSS colours of the layers, from the active one down. */
  readonly colors: readonly string[];
}

/** The share of a layer's row that its band takes; the rest separates bands. */
const BAND = 0.76;
const TRACK = 'var(--panel)';
const LINE = 'var(--line)';

/**
 * Draws one band for each layer. A band is a row of pixels that is stretched, so that its cost does not grow with its height.
 * The time it took is `performance`'s measure `cross-section`. @param section `null` where it is not known yet
 */
export function paint(canvas: HTMLCanvasElement, section: CrossSection | null, style: BandStyle): void {
  const began = performance.now();
  const { width, height, colors } = style;
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext('2d');
  if (pen === null) return;
  const colorOf = (color: string) => resolved(canvas, style.theme, color);
  const rows =
    section === null
      ? null
      : rowsOf(
          section,
          width,
          colors.map((color) => inRgb(colorOf(color))),
        );
  const hair = Math.max(1, Math.round(devicePixelRatio));
  pen.imageSmoothingEnabled = false;
  pen.fillStyle = colorOf(TRACK);
  pen.strokeStyle = colorOf(LINE);
  pen.lineWidth = hair;
  const pitch = height / colors.length;
  const tall = Math.round(pitch * BAND);
  for (let layer = 0; layer < colors.length; layer++) {
    const top = Math.round(layer * pitch + (pitch - tall) / 2);
    const unknown = section !== null && section.layers[layer]?.holds === null;
    pen.fillRect(0, top, width, tall);
    if (rows !== null) {
      const row = layer * ROWS;
      pen.drawImage(rows, 0, row, width, 1, 0, top, width, tall);
      pen.drawImage(rows, 0, row + 1, width, 1, 0, top + Math.round(tall / 2) - hair, width, 2 * hair);
    }
    pen.setLineDash(unknown ? [4 * hair, 4 * hair] : []);
    pen.strokeRect(hair / 2, top + hair / 2, width - hair, tall - hair);
  }
  performance.measure('cross-section', { start: began });
}

/** The layers' rows of pixels, in a picture of their own. */
function rowsOf(section: CrossSection, width: number, colors: readonly Rgb[]): OffscreenCanvas {
  const rows = new OffscreenCanvas(width, Math.max(1, colors.length * ROWS));
  const image = new ImageData(rows.width, rows.height);
  section.layers.forEach(({ holds }, layer) => {
    const color = colors[layer];
    if (holds !== null && color !== undefined) {
      putLayer(image.data, layer * ROWS * width, width, section, holds, color);
    }
  });
  rows.getContext('2d')?.putImageData(image, 0, 0);
  return rows;
}

const known = new Map<string, string>();
const knownRgb = new Map<string, Rgb>();

/** A colour with its variables put in, as a canvas takes it. */
function resolved(canvas: HTMLCanvasElement, theme: string, color: string): string {
  const name = `${theme} ${color}`;
  const before = known.get(name);
  if (before !== undefined) return before;
  canvas.style.color = color;
  const value = getComputedStyle(canvas).color;
  known.set(name, value);
  return value;
}

/** A colour as the pixel that it makes. */
function inRgb(color: string): Rgb {
  const before = knownRgb.get(color);
  if (before !== undefined) return before;
  const pen = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  if (pen === null) return [0, 0, 0];
  pen.fillStyle = color;
  pen.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = pen.getImageData(0, 0, 1, 1).data;
  const rgb: Rgb = [red, green, blue];
  knownRgb.set(color, rgb);
  return rgb;
}
