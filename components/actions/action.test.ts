import { expect, test } from 'vitest';
import { ACTION_NAMES, actionNamed } from './action.ts';

test.each(ACTION_NAMES)('%s opens its form', (name) => {
  expect(actionNamed(name)).toBe(name);
});

test.each([null, '', 'format', 'Move', 'flatten', 'toString'])('%j opens none', (name) => {
  expect(actionNamed(name)).toBeNull();
});
