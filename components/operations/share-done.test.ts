import { expect, test } from 'vitest';
import type { Progress } from '../../model/operation/operation.ts';
import { shareDone } from './share-done.ts';

const at = (position: number, copied: number | null, size = 1000): Progress => ({
  operationId: 'o',
  step: 0,
  memory: null,
  free: null,
  work: null,
  at: 0,
  position,
  size,
  grownBy: copied,
  rate: null,
});

test('nothing is known before the first sample, and before QEMU knows the size', () => {
  expect(shareDone(null, 100)).toBeNull();
  expect(shareDone(at(0, 0, 0), 100)).toBeNull();
});

test('a position that ran over an empty part is not taken for work done', () => {
  expect(shareDone(at(800, 50), 100)).toEqual({ share: 0.5, remaining: 50 });
});

test('at the end of the disk it is done, though the bound was too high', () => {
  expect(shareDone(at(1000, 30), 100)).toEqual({ share: 1, remaining: 0 });
});

test('near the end what remains is at most the disk ahead', () => {
  expect(shareDone(at(990, 30), 100)).toEqual({ share: 0.75, remaining: 10 });
});

test('a guest that writes can push the growth over the bound', () => {
  expect(shareDone(at(500, 130), 100)).toEqual({ share: 1, remaining: 0 });
});

test('without bytes or without a bound the position has to do', () => {
  expect(shareDone(at(250, null), 100)).toEqual({ share: 0.25, remaining: 750 });
  expect(shareDone(at(250, 10), null)).toEqual({ share: 0.25, remaining: 750 });
});
