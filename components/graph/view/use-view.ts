import { useReactFlow, useStore } from '@xyflow/react';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { AFTER_Y } from '../layout/after.ts';
import { type Box, IMAGE } from '../layout/layout.ts';
import type { Scene } from '../layout/scene.ts';
import { centred, fitted, MARGIN, opening, revealed, type View } from './viewport.ts';

export interface ViewControls {
  readonly fit: () => void;
  readonly zoomIn: () => void;
  readonly zoomOut: () => void;
  /** Moves the view just far enough to show the box. */
  readonly reveal: (box: Box) => void;
  /** Is called when the user moved the view, which then stays as it is. */
  readonly onMoved: () => void;
}

/**
 * Keeps the chain in view: fits it when the pane or the chain changes its size, until the user moves the view.
 *
 * @param chain names the chain that is drawn; another one is fitted again
 * @param unfolded whether the user opened a fold, to see a part of the chain
 * @param picked the picked base, which is centred if not all of the chain fits; `middle` is its position
 */
export function useView(
  scene: Scene,
  chain: string,
  unfolded: boolean,
  picked: { readonly id: string; readonly middle: number } | null,
): ViewControls {
  const { setViewport, getViewport, zoomIn, zoomOut } = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const moved = useRef(false);
  const { x, y, right } = roomOf(scene);
  const content = useMemo(
    () => ({ x, y, width: right - x, height: AFTER_Y + IMAGE.height + FLAG_ROOM - y }),
    [x, y, right],
  );
  const go = useCallback((view: View, duration = 0) => void setViewport(view, { duration }), [setViewport]);

  const seen = useRef('');
  useEffect(() => {
    const now = `${unfolded} ${chain}`;
    if (seen.current === now) return;
    seen.current = now;
    moved.current = unfolded;
  }, [chain, unfolded]);

  useEffect(() => {
    if (width > 0 && height > 0 && !moved.current)
      go(opening(content, { width, height }, IMAGE.height + FLAG_ROOM));
  }, [go, content, width, height]);

  const centredOn = useRef<string | null>(null);
  const { id, middle } = picked ?? { id: null, middle: 0 };
  const whole = content.width;
  useEffect(() => {
    if (width === 0 || centredOn.current === id) return;
    centredOn.current = id;
    const view = getViewport();
    if (id !== null && whole * view.zoom + 2 * MARGIN > width) go(centred(middle, view, { width }));
  }, [go, getViewport, id, middle, whole, width]);

  return useMemo(
    () => ({
      fit: () => {
        moved.current = false;
        go(fitted(content, { width, height }), glide());
      },
      zoomIn: () => {
        moved.current = true;
        void zoomIn({ duration: glide() });
      },
      zoomOut: () => {
        moved.current = true;
        void zoomOut({ duration: glide() });
      },
      reveal: (box) => go(revealed(box, getViewport(), { width, height })),
      onMoved: () => {
        moved.current = true;
      },
    }),
    [go, getViewport, zoomIn, zoomOut, content, width, height],
  );
}

const FLAG_ROOM = 24;

/** The space for the chain afterwards is there from the beginning, so that picking a base moves nothing. */
function roomOf({ reach }: Scene) {
  return { x: reach.x, y: reach.y, right: reach.x + reach.width };
}

/** Milliseconds. */
function glide(): number {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 160;
}
