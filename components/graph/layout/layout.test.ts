import { describe, expect, test } from 'vitest';
import { chainOf, deepChain, user } from '../testing.ts';
import { folded } from './folding.ts';
import {
  ASIDE,
  around,
  type Box,
  type BranchSpans,
  FOLD,
  GAP,
  IMAGE,
  JOINING,
  joiningAt,
  layout,
  WIDE_GAP,
} from './layout.ts';

const NOBODY = new Map();
const whole = (chain: Parameters<typeof folded>[0]) =>
  folded(chain, new Set(chain.images.map(({ key }) => key)));
const touch = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe('layout', () => {
  test('the base is at the left, the active image at the right, all in one line', () => {
    const { spans } = layout(whole(chainOf('active', 'sn', 'base')), NOBODY);
    expect([...spans.values()].every(({ y }) => y === 0)).toBe(true);
    expect(spans.get('image:base')?.x).toBe(0);
    expect(spans.get('image:sn')?.x).toBe(IMAGE.width + GAP);
    expect(spans.get('image:active')?.x).toBe(2 * (IMAGE.width + GAP));
  });

  test('a fold takes its own width', () => {
    const { spans } = layout(folded(deepChain(12), new Set(['l0', 'l11'])), NOBODY);
    expect(spans.get('fold:l1')).toMatchObject(FOLD);
    expect(spans.get('image:l0')?.x).toBe(IMAGE.width + GAP + FOLD.width + GAP);
  });

  test('an edge with figures is longer', () => {
    const { spans } = layout(whole(chainOf('active', 'sn', 'base')), NOBODY, 'image:sn');
    expect(spans.get('image:sn')?.x).toBe(IMAGE.width + GAP);
    expect(spans.get('image:active')?.x).toBe(2 * IMAGE.width + GAP + WIDE_GAP);
  });

  test('other disks are above the chain, right of where they join, and nothing overlaps', () => {
    const joins = new Map([
      ['base', ['a', 'b', 'c', 'd', 'e'].map((name) => user(name))],
      ['sn', [user('f'), user('g')]],
    ]);
    const { spans, joining: others } = layout(whole(chainOf('active', 'sn', 'base')), joins);
    expect(others).toHaveLength(5);
    for (const { joining, box } of others) {
      expect(box.y + box.height).toBeLessThan(0);
      expect(box.x).toBe(IMAGE.width + GAP + (joining.at === 'sn' ? IMAGE.width + GAP : 0));
    }
    const boxes = [...spans.values(), ...others.map(({ box }) => box)];
    boxes.forEach((a, i) => {
      for (const b of boxes.slice(i + 1)) expect(touch(a, b)).toBe(false);
    });
  });

  test('a shared active image has them at its right, in line with the chain', () => {
    const { joining } = layout(whole(chainOf('active')), new Map([['active', [user('a'), user('b')]]]));
    expect(joining.map(({ box }) => box.x)).toEqual([IMAGE.width + GAP, IMAGE.width + GAP]);
    expect(Math.max(...joining.map(({ box }) => box.y))).toBe((IMAGE.height - JOINING.height) / 2);
  });

  test('branches are above the chain, right of what they rest on, and no line that leads down to it crosses a box', () => {
    const line = (on: string | null, ...keys: string[]): BranchSpans => ({
      spans: whole(chainOf(...keys)),
      on,
    });
    const branches = [
      line('image:base', 'd', 'c', 'b', 'a'),
      line('image:sn', 'y', 'x'),
      line('image:a', 'f', 'e'),
      line('image:active', 'z'),
      line(null, 'old', 'older'),
    ];
    const joins = new Map([
      ['sn', [user('j')]],
      ['base', [user('k')]],
    ]);
    const { spans, joining } = layout(whole(chainOf('active', 'sn', 'base')), joins, null, branches);
    const column = (key: string) => (spans.get(`image:${key}`)?.x ?? 0) / (IMAGE.width + GAP);
    expect(['a', 'd', 'x', 'e', 'z', 'older'].map(column)).toEqual([1, 4, 2, 2, 3, 0]);
    const boxes = [...spans.values(), ...joining.map(({ box }) => box)];
    expect(boxes.filter(({ height }) => height === ASIDE.height).every((box) => box.y + box.height < 0)).toBe(
      true,
    );
    boxes.forEach((a, i) => {
      for (const b of boxes.slice(i + 1)) expect(touch(a, b)).toBe(false);
    });
    for (const { spans: images, on } of branches) {
      const lowest = images.at(-1);
      const from = spans.get(`image:${lowest?.kind === 'image' ? lowest.image.key : ''}`);
      const to = spans.get(on ?? '');
      if (from === undefined || to === undefined) continue;
      const down = { x: to.x + to.width - 28, y: from.y + 1, width: 1, height: to.y - from.y - 2 };
      expect(boxes.filter((box) => touch(box, down))).toEqual([]);
    }
  });

  test('a column is as wide as the widest in it', () => {
    const chain = folded(deepChain(12), new Set(['l0', 'l11']));
    const { spans } = layout(chain, NOBODY, null, [{ spans: whole(chainOf('x')), on: 'image:l11' }]);
    expect(spans.get('image:x')?.x).toBe(spans.get('fold:l1')?.x);
    expect(spans.get('image:l0')?.x).toBe(2 * (IMAGE.width + GAP));
  });

  test('2000 layers are placed in well under a second', () => {
    const start = performance.now();
    expect(layout(whole(deepChain(2000)), NOBODY).spans.size).toBe(2000);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test('nothing is placed of nothing', () => {
    expect(layout([], NOBODY)).toEqual({ spans: new Map(), joining: [] });
  });
});

describe('joiningAt', () => {
  test('a few disks are drawn one by one', () => {
    expect(joiningAt('x', [user('a'), user('b'), user('c')]).map(({ rest }) => rest)).toEqual([
      false,
      false,
      false,
    ]);
  });

  test('of many the last place counts the others', () => {
    const drawn = joiningAt(
      'x',
      Array.from({ length: 50 }, (_, i) => user(`g${i}`)),
    );
    expect(drawn.map(({ users }) => users.length)).toEqual([1, 1, 48]);
    expect(drawn.at(-1)?.rest).toBe(true);
  });
});

test('around nothing is nothing', () => {
  expect(around([])).toBeNull();
  expect(
    around([
      { x: 0, y: -5, width: 10, height: 5 },
      { x: 20, y: 0, width: 10, height: 30 },
    ]),
  ).toEqual({ x: 0, y: -5, width: 30, height: 35 });
});
