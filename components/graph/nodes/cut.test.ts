import { expect, test } from 'vitest';
import { cut } from './cut.ts';

const within = (most: number) => (text: string) => [...text].length <= most;

test('a name that fits stays', () => {
  expect(cut('base.qcow2', within(10))).toBe('base.qcow2');
});

test('a longer one loses as much of its middle as it has to', () => {
  expect(cut('db-1-data-active.qcow2', within(19))).toBe('db-1-da…ctive.qcow2');
  expect(cut('db-1-data-active.qcow2', within(21))).toBe('db-1-data…ctive.qcow2');
});

test('the end stays where nothing else fits, and letters are not cut in two', () => {
  expect(cut('db-1-data-active.qcow2', within(3))).toBe('…ctive.qcow2');
  expect(cut('😀😀😀-data-active.qcow2', within(13))).toBe('😀…ctive.qcow2');
});
