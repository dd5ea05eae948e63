import type { Chain } from '../../../model/fleet/chain.ts';
import type { Image } from '../../../model/fleet/image.ts';

/** A stretch of a chain as it is drawn: one image, or a run of images folded into one node. */
export type Span = ImageSpan | FoldSpan;

export interface ImageSpan {
  readonly kind: 'image';
  readonly image: Image;
  /** 0 for the active image. */
  readonly position: number;
}

export interface FoldSpan {
  readonly kind: 'fold';
  readonly images: readonly Image[];
  /** Of the run's topmost image. */
  readonly position: number;
}

/** The shortest run that is folded: a fold is as wide as an image. */
const SHORTEST_RUN = 3;

/** The depth up to which a chain is drawn without folds. */
export const DRAWN_WHOLE = 6;

/** The chain from the active image down, with the runs of images that `kept` does not name folded. */
export function folded(chain: Chain, kept: ReadonlySet<string>): readonly Span[] {
  const spans: Span[] = [];
  let run: ImageSpan[] = [];
  const endRun = () => {
    const first = run[0];
    if (first && run.length >= SHORTEST_RUN && chain.images.length > DRAWN_WHOLE) {
      spans.push({ kind: 'fold', images: run.map(({ image }) => image), position: first.position });
    } else spans.push(...run);
    run = [];
  };
  chain.images.forEach((image, position) => {
    const span: ImageSpan = { kind: 'image', image, position };
    if (!kept.has(image.key)) {
      run.push(span);
      return;
    }
    endRun();
    spans.push(span);
  });
  endRun();
  return spans;
}

/** Names the span among those of its chain; an opened fold's images get their own names. */
export function spanId(span: Span): string {
  return span.kind === 'image' ? `image:${span.image.key}` : `fold:${span.images[0]?.key ?? ''}`;
}

export function imagesOf(span: Span): readonly Image[] {
  return span.kind === 'image' ? [span.image] : span.images;
}
