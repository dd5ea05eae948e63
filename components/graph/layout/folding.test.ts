import { describe, expect, test } from 'vitest';
import { deepChain } from '../testing.ts';
import { folded, imagesOf, type Span, spanId } from './folding.ts';

const shape = (spans: readonly Span[]) =>
  spans.map((span) => (span.kind === 'image' ? span.image.key : span.images.length));

describe('folded', () => {
  test('runs between kept images become one span each', () => {
    const spans = folded(deepChain(12), new Set(['l0', 'l4', 'l11']));
    expect(shape(spans)).toEqual(['l0', 3, 'l4', 6, 'l11']);
    expect(spans.map(({ position }) => position)).toEqual([0, 1, 4, 5, 11]);
  });

  test('a run of two is drawn, since a fold would take as much space', () => {
    expect(shape(folded(deepChain(8), new Set(['l0', 'l3', 'l7'])))).toEqual([
      'l0',
      'l1',
      'l2',
      'l3',
      3,
      'l7',
    ]);
  });

  test('a short chain is drawn whole', () => {
    expect(shape(folded(deepChain(6), new Set(['l0', 'l5'])))).toEqual(['l0', 'l1', 'l2', 'l3', 'l4', 'l5']);
  });

  test('64 layers with nothing remarkable are three spans', () => {
    expect(shape(folded(deepChain(64), new Set(['l0', 'l63'])))).toEqual(['l0', 62, 'l63']);
  });

  test('no image is lost or drawn twice, whatever is kept', () => {
    const chain = deepChain(20);
    for (let bits = 0; bits < 2 ** 10; bits += 1) {
      const kept = chain.images.filter((_, i) => (bits >> (i % 10)) & 1).map(({ key }) => key);
      expect(folded(chain, new Set(kept)).flatMap(imagesOf)).toEqual(chain.images);
    }
  });

  test('spans have names of their own', () => {
    const ids = folded(deepChain(12), new Set(['l0', 'l4', 'l11'])).map(spanId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('an empty chain has no spans', () => {
    expect(folded({ images: [] }, new Set())).toEqual([]);
  });
});
