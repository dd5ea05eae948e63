import { expect, test } from 'vitest';
import { freeName } from './free-name.ts';

const record = (name: string) => ({ name, description: null, createdAt: 1, parent: null, disks: [] });

test.each([
  [[], 'snapshot'],
  [['other'], 'snapshot'],
  [['snapshot'], 'snapshot-2'],
  [['snapshot', 'snapshot-2', 'snapshot-4'], 'snapshot-3'],
])('beside %j: %s', (taken, expected) => {
  expect(freeName('snapshot', taken.map(record))).toBe(expected);
});
