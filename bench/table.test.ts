import { expect, test } from 'vitest';
import { atMost } from './measurement.ts';
import { markdownTable, plainTable } from './table.ts';

const measurements = [
  atMost('inventory / python', 0.5, { unit: '', goal: 0.7 }, '5 ms / 10 ms'),
  atMost('event to DOM', 200, { unit: 'ms', goal: 150 }, ''),
];

test('columns are aligned, a missed goal is marked, the detail is below', () => {
  expect(plainTable(measurements).split('\n')).toEqual([
    'name                value  unit  goal    ok',
    'inventory / python  0.5          <= 0.7  yes',
    '    5 ms / 10 ms',
    'event to DOM        200    ms    <= 150  NO',
  ]);
});

test('in Markdown a bar inside a cell does not end it', () => {
  const odd = atMost('a | b', 1, { unit: 'ms', goal: 2 }, '');
  expect(markdownTable([odd]).split('\n').at(-1)).toBe('| a \\| b | 1 ms | ≤ 2 ms | yes |  |');
});
