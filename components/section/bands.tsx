import { useEffect, useRef } from 'react';
import type { CrossSection } from '../../model/content/cross-section.ts';
import { stratumColor } from '../chain/strata.ts';
import { paint } from './paint.ts';
import { usePixels } from './use-pixels.ts';
import { useTheme } from './use-theme.ts';

/** One band for each layer, as large as its container, at the resolution of the screen. */
export function Bands({ section, depth }: { section: CrossSection | null; depth: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const pixels = usePixels(canvas);
  const theme = useTheme();
  useEffect(() => {
    if (canvas.current === null || pixels === null) return;
    const colors = Array.from({ length: depth }, (_, position) => stratumColor(position, depth));
    paint(canvas.current, section, { ...pixels, theme, colors });
  }, [section, depth, pixels, theme]);
  return (
    <span aria-hidden="true" className="absolute inset-0">
      <canvas ref={canvas} className="size-full" />
    </span>
  );
}
