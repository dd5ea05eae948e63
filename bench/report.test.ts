import { expect, test } from 'vitest';
import { withResults } from './report.ts';

const begin = '<!-- bench: what follows is written by npm run bench -- --markdown -->';
const end = '<!-- bench: end -->';

test('replaces what is between the markers, and nothing else', () => {
  const once = withResults(`before\n${begin}\nold\n${end}\nafter\n`, 'first\n');
  expect(once).toBe(`before\n${begin}\n\nfirst\n\n${end}\nafter\n`);
  expect(withResults(once, 'second')).toBe(`before\n${begin}\n\nsecond\n\n${end}\nafter\n`);
});

test.each(['', begin, `${end}\n${begin}`])('refuses a document without both markers in order: %j', (text) => {
  expect(() => withResults(text, 'results')).toThrow('lacks the lines');
});
