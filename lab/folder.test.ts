import { expect, test } from 'vitest';
import { labDir } from './folder.ts';

test("a folder in which guests' sockets would not fit is refused, with what to do", () => {
  expect(labDir('/tmp/lab')).toBe('/tmp/lab');
  expect(() => labDir(`/tmp/${'x'.repeat(40)}`)).toThrow(/--dir or BACKCHAIN_LAB/);
});
