import { describe, expect, test } from 'vitest';
import { centred, fitted, MARGIN, MIN_ZOOM, opening, revealed } from './viewport.ts';

const PANE = { width: 840, height: 640 };

describe('fitted', () => {
  test('what fits is not enlarged, and is at the top left', () => {
    expect(fitted({ x: 0, y: -30, width: 400, height: 200 }, PANE)).toEqual({
      zoom: 1,
      x: MARGIN,
      y: MARGIN + 30,
    });
  });

  test('what is too wide becomes smaller', () => {
    expect(fitted({ x: 0, y: 0, width: 1600, height: 200 }, PANE).zoom).toBe(0.5);
  });

  test('nothing becomes smaller than a person can zoom', () => {
    expect(fitted({ x: 0, y: 0, width: 1e6, height: 200 }, PANE).zoom).toBe(MIN_ZOOM);
    expect(fitted({ x: 0, y: 0, width: 10, height: 10 }, { width: 10, height: 10 }).zoom).toBe(MIN_ZOOM);
  });
});

describe('opening', () => {
  test('shows the right end of a chain that would be too small to read', () => {
    const view = opening({ x: 0, y: 0, width: 10_000, height: 200 }, PANE, 100);
    expect(view.zoom).toBe(0.5);
    expect(view.x + 10_000 * view.zoom).toBe(PANE.width - MARGIN);
  });

  test('shows the chain where its branches would be too small to read, and as many of them as fit', () => {
    const many = opening({ x: 0, y: -3000, width: 400, height: 3300 }, PANE, 100);
    expect(many.zoom).toBe(0.5);
    expect(many.y + 100 * many.zoom).toBe(PANE.height - MARGIN);
    const few = opening({ x: 0, y: -1000, width: 400, height: 1300 }, PANE, 100);
    expect(few).toMatchObject({ zoom: 0.5, y: MARGIN + 500 });
  });
});

describe('revealed', () => {
  const view = { x: 0, y: 0, zoom: 0.5 };

  test('what is in sight moves nothing', () => {
    expect(revealed({ x: 100, y: 100, width: 100, height: 100 }, view, PANE)).toEqual(view);
  });

  test('what is beyond the right edge comes just in', () => {
    const { x } = revealed({ x: 2000, y: 100, width: 100, height: 100 }, view, PANE);
    expect(2100 * 0.5 + x).toBe(PANE.width - MARGIN);
  });

  test('what is beyond the left and upper edge comes just in', () => {
    const { x, y } = revealed({ x: -200, y: -80, width: 100, height: 100 }, view, PANE);
    expect([-200 * 0.5 + x, -80 * 0.5 + y]).toEqual([MARGIN, MARGIN]);
  });
});

test('a place comes to the middle of the pane, and nothing else moves', () => {
  const view = centred(4000, { x: 20, y: 7, zoom: 0.5 }, PANE);
  expect(view).toEqual({ x: 420 - 2000, y: 7, zoom: 0.5 });
});
