import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTranslator, IntlErrorCode } from 'next-intl';
import { describe, expect, test } from 'vitest';
import type { Plan } from '../../model/kinds/plan.ts';

const folder = join(import.meta.dirname, '../../messages');
const languages = readdirSync(folder).flatMap((file) => /^([a-zA-Z-]+)\.json$/.exec(file)?.[1] ?? []);

/** Texts by their path in the catalogue. */
type Texts = ReadonlyMap<string, string>;

/** The texts of a language and of its errors. */
function textsOf(language: string): Texts {
  const read = (file: string): object => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const errors = read(`${language}.errors.json`);
  return new Map(all({ ...read(`${language}.json`), errors }));
}

function* all(branch: object, path: readonly string[] = []): Generator<[string, string]> {
  for (const [name, value] of Object.entries(branch)) {
    if (typeof value === 'string') yield [[...path, name].join('.'), value];
    else yield* all(value, [...path, name]);
  }
}

/** The arguments and tags of an ICU message. In an argument a brace opens a branch, and in a branch an argument. */
function argumentsOf(text: string): ReadonlySet<string> {
  const found = new Set<string>();
  let depth = 0;
  for (const [brace, name = ''] of text.matchAll(/\{\s*(\w*)|\}|<(\w+)>/g)) {
    if (brace.startsWith('<')) found.add(brace);
    else if (brace === '}') depth -= 1;
    else if (depth++ % 2 === 0) found.add(name);
  }
  return found;
}

/** What a translation lacks, and what it has beside. */
function differences(from: Texts, to: Texts): readonly string[] {
  const paths = new Set([...from.keys(), ...to.keys()]);
  return [...paths].flatMap((path) => {
    const [english, translated] = [from.get(path), to.get(path)];
    if (translated === undefined) return [`${path} is missing`];
    if (english === undefined) return [`${path} is not in English`];
    const [wanted, given] = [argumentsOf(english), argumentsOf(translated)];
    const odd = [...wanted, ...given].filter((name) => !(wanted.has(name) && given.has(name)));
    return odd.length === 0 ? [] : [`${path} differs in ${odd.join(', ')}`];
  });
}

test('what a translation lacks is named by its path', () => {
  const from = new Map([
    ['same', '{count, plural, one {one of {name}} other {# of {name}}}'],
    ['gone', 'Gone'],
    ['renamed', 'Read <b>{file}</b> {why, select, none {} other {: {why}}}'],
  ]);
  const to = new Map([
    ['same', '{name}: {count, plural, one {eins} few {ein paar} other {#}}'],
    ['renamed', '<b>{image}</b> {why, select, none {} other {: {why}}} lesen'],
    ['more', 'Mehr'],
  ]);
  expect(differences(from, to)).toEqual([
    'gone is missing',
    'renamed differs in file, image',
    'more is not in English',
  ]);
});

/** Whether an operation of each kind can leave images behind. */
const LEAVES_IMAGES: Readonly<Record<Plan['intent']['kind'], boolean>> = {
  flatten: true,
  'merge-down': true,
  shorten: true,
  snapshot: false,
  forget: false,
  move: true,
  undo: false,
  revert: true,
  'delete-snapshot': false,
  migrate: true,
  'end-job': true,
  redefine: false,
  'rewrite-header': true,
  'repair-leaks': false,
  resume: false,
  delete: false,
};

describe.each(languages)('the texts of %s', (language) => {
  const texts = textsOf(language);

  test('can be read as ICU', () => {
    const broken: string[] = [];
    for (const [path, text] of texts) {
      const translate = createTranslator({
        locale: 'en',
        messages: { text },
        onError: (error) => {
          if (error.code === IntlErrorCode.INVALID_MESSAGE) broken.push(`${path}: ${error.originalMessage}`);
        },
      });
      translate.rich('text');
    }
    expect(texts.size).toBeGreaterThan(100);
    expect(broken).toEqual([]);
  });

  test('are those of English, with the same arguments', () => {
    expect(differences(textsOf('en'), texts)).toEqual([]);
  });

  test('name each kind of operation that leaves images behind', () => {
    const named = [...texts].filter(([, text]) => text.includes('{intent, select,'));
    expect(named.length).toBeGreaterThan(0);
    const unnamed = named.flatMap(([path, text]) => {
      const values = Object.fromEntries([...argumentsOf(text)].map((name) => [name, 1]));
      const translate = createTranslator({ locale: 'en', messages: { text } });
      const of = (intent: string) => translate('text', { ...values, intent: intent.replaceAll('-', '_') });
      return Object.entries(LEAVES_IMAGES)
        .filter(([kind, leaves]) => leaves && of(kind) === of('unknown'))
        .map(([kind]) => `${path}: ${kind}`);
    });
    expect(unnamed).toEqual([]);
  });
});
