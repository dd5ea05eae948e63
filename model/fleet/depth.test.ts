import { expect, test } from 'vitest';
import { deepChain, QCOW2 } from '../testing.ts';
import { NESTED } from './capabilities.ts';
import { breaksWhenAsked, knownDepth, tooDeep } from './depth.ts';
import { type Image, UNKNOWN_TRAITS } from './image.ts';

const nested = { mostLayers: NESTED };
const usual = { mostLayers: { any: 200, withBitmaps: 200, breaksRunning: false } };
const most = (layers: number, at: number, changes: Partial<Image>) =>
  tooDeep(deepChain(layers, at, changes), nested)?.most ?? null;

test('the limit is the last depth that starts', () => {
  expect(tooDeep(deepChain(25), nested)).toBeNull();
  expect(tooDeep(deepChain(26), nested)).toEqual({ layers: 26, most: 25 });
  expect(tooDeep(deepChain(200), usual)).toBeNull();
  expect(tooDeep(deepChain(201), usual)).toEqual({ layers: 201, most: 200 });
});

test('of an unknown host the strictest is assumed', () => {
  expect(tooDeep(deepChain(26), { mostLayers: null })).toEqual({ layers: 26, most: 25 });
});

test('a guest beyond the limit is not asked for its chain where that breaks its monitor', () => {
  expect(breaksWhenAsked(deepChain(25), nested)).toBe(false);
  expect(breaksWhenAsked(deepChain(26), nested)).toBe(true);
  expect(breaksWhenAsked(deepChain(26), { mostLayers: null })).toBe(true);
  expect(breaksWhenAsked(deepChain(201), usual)).toBe(false);
});

test('bitmaps count by how far down they are', () => {
  const bitmaps = { traits: { ...QCOW2, bitmaps: true } };
  expect(most(22, 21, bitmaps)).toBeNull();
  expect(most(23, 22, bitmaps)).toBe(22);
  expect(most(23, 21, bitmaps)).toBeNull();
  expect(most(24, 22, bitmaps)).toBe(23);
  expect(most(25, 0, bitmaps)).toBeNull();
});

test('an image that could not be inspected may have some, unless its format has none', () => {
  const unknown = { traits: UNKNOWN_TRAITS };
  expect(most(23, 22, unknown)).toBe(22);
  expect(most(23, 22, { ...unknown, format: 'raw' })).toBeNull();
  expect(knownDepth(deepChain(23, 22, unknown), NESTED)).toEqual({ layers: 23, most: 25 });
});
