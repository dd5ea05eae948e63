import { createTranslator } from 'next-intl';
import { expect, expectTypeOf, test } from 'vitest';
import messages from '../../messages/en.json' with { type: 'json' };
import { problem } from '../../model/problem.ts';
import type { ProblemCode } from '../../model/problem-code.ts';
import { problemText } from './problem-text.ts';

const fill = createTranslator({ locale: 'en', messages, namespace: 'problems' });
const read = (given: ReturnType<typeof problem>) => problemText(given, messages.problems, fill, 'en');

test('sizes are formatted, counts take their plural', () => {
  expect(
    read(
      problem('LITTLE_SPACE', {
        needed: 704 * 2 ** 20,
        fileSystem: '/vm',
        freeSpace: 2 ** 20,
        reserve: 2 ** 30,
      }),
    ),
  ).toMatch(/up to 704 MiB on \/vm, where 1\.00 MiB is free and 1\.00 GiB must stay free/);
  expect(read(problem('INTERNAL_SNAPSHOTS', { image: 'a.qcow2', count: 2 }))).toMatch(/2 internal snapshots/);
});

test('a reason that ends in a full stop does not double it', () => {
  expect(read(problem('PULL_REFUSED', { reason: 'no space left. ' }))).toBe(
    'libvirt refused the pull: no space left. Nothing was changed. Fix the cause, then start again.',
  );
});

test('an image goes by its name, not by its path', () => {
  expect(read(problem('BASE_NOT_IN_CHAIN', { base: '/srv/vm/base.img' }))).toMatch(/^base\.img is no longer/);
});

test('an operation that left something behind is named by what it was', () => {
  const left = { files: '/vm/old', image: '/vm/sn1', count: 1, intent: 'merge-down', guest: 'web-1' };
  expect(read(problem('LEFTOVER_DEPENDS', left))).toMatch(
    /^\/vm\/old, left behind by the commit of web-1, names sn1/,
  );
});

test.each([
  ['{"code":"OLD_CODE","params":{"image":"a","count":2}}', /: OLD_CODE, image a, count 2\.$/],
  ['{"code":"OLD_CODE","params":{}}', /: OLD_CODE\.$/],
  ['{"code":"toString","params":{}}', /: toString\.$/],
])('a code that another version stored shows with its parameters: %s', (stored, text) => {
  expect(read(JSON.parse(stored))).toMatch(text);
});

test('the catalogue has a text for each code, and no other', () => {
  expectTypeOf<keyof typeof messages.problems>().toEqualTypeOf<ProblemCode>();
});
