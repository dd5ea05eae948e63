import { createTranslator, IntlErrorCode } from 'next-intl';
import { expect, test } from 'vitest';
import errors from '../../messages/en.errors.json' with { type: 'json' };
import messages from '../../messages/en.json' with { type: 'json' };

/** The path and the text of every message. */
function* all(branch: object, path: readonly string[] = []): Generator<[string, string]> {
  for (const [name, value] of Object.entries(branch)) {
    if (typeof value === 'string') yield [[...path, name].join('.'), value];
    else yield* all(value, [...path, name]);
  }
}

test('every text of the catalogue can be read as ICU', () => {
  const broken: string[] = [];
  let read = 0;
  for (const [path, text] of all({ ...messages, errors })) {
    const translate = createTranslator({
      locale: 'en',
      messages: { text },
      onError: (error) => {
        if (error.code === IntlErrorCode.INVALID_MESSAGE) broken.push(`${path}: ${error.originalMessage}`);
      },
    });
    translate.rich('text');
    read += 1;
  }
  expect(read).toBeGreaterThan(100);
  expect(broken).toEqual([]);
});
