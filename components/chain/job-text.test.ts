import { createTranslator } from 'next-intl';
import { expect, test } from 'vitest';
import messages from '../../messages/en.json' with { type: 'json' };
import { jobText } from './job-text.ts';

const t = createTranslator({ locale: 'en', messages, namespace: 'graph' });

test.each([
  ['pull', 'locked by a pull'],
  ['commit', 'locked by a commit'],
  ['active-commit', 'locked by a commit'],
  ['copy', 'locked by a copy'],
  ['unknown', 'locked by a block job'],
] as const)('a %s has a text', (kind, text) => {
  expect(t('lockedBy', { job: jobText(kind) })).toBe(text);
  expect(t('jobElsewhere', { job: jobText(kind) })).toContain(text.replace('locked by a ', ''));
});
