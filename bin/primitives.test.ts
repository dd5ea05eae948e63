import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** Elements that one can act on, each of which has its one form in `components/ui`. */
const RAW = /<(?:a|button|dialog|input|select|textarea)\b/g;
/** Theirs is the only one that doesn't fetch pages before they are asked for. */
const LINK = /from 'next\/link'/g;

const root = join(import.meta.dirname, '..');
const files = globSync('{app,components}/**/*.tsx', { cwd: root }).filter(
  (file) => !file.startsWith('components/ui/'),
);

function rawIn(text: string): readonly string[] {
  return [...text.matchAll(RAW), ...text.matchAll(LINK)].map(([found]) => found);
}

test('what one can act on comes from components/ui', () => {
  expect(files.length).toBeGreaterThan(100);
  const found = files.flatMap((file) =>
    rawIn(readFileSync(join(root, file), 'utf8')).map((raw) => `${file}: ${raw}`),
  );
  expect(found).toEqual([]);
});

test.each([
  ['<input value="" />', ['<input']],
  ['<a href="/">home</a>', ['<a']],
  ["import Link from 'next/link';", ["from 'next/link'"]],
  ['<Button>go</Button><article /><aside />', []],
])('%s has %j', (text, expected) => {
  expect(rawIn(text)).toEqual(expected);
});
