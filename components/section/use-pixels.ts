import { type RefObject, useEffect, useState } from 'react';

/** Device pixels. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
}

/** How many of the screen's pixels an element covers; `null` until it is laid out. */
export function usePixels(of: RefObject<HTMLElement | null>): Pixels | null {
  const [pixels, setPixels] = useState<Pixels | null>(null);
  useEffect(() => {
    if (of.current === null) return;
    // Safari does not report device pixels; the edges of the drawing may be a little soft there.
    const exact = 'devicePixelContentBoxSize' in ResizeObserverEntry.prototype;
    const observer = new ResizeObserver(([entry]) => {
      if (entry === undefined) return;
      const [size] = (exact ? entry.devicePixelContentBoxSize : entry.contentBoxSize) ?? [];
      const scale = exact ? 1 : devicePixelRatio;
      if (size === undefined) return;
      const [width, height] = [Math.round(size.inlineSize * scale), Math.round(size.blockSize * scale)];
      setPixels(width === 0 || height === 0 ? null : { width, height });
    });
    observer.observe(of.current, { box: exact ? 'device-pixel-content-box' : 'content-box' });
    return () => observer.disconnect();
  }, [of]);
  return pixels;
}
