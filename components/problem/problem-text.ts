'use client';

import { useLocale, useMessages, useTranslations } from 'next-intl';
import { useCallback } from 'react';
import type { Problem } from '../../model/problem.ts';
import type { ProblemCode } from '../../model/problem-code.ts';
import { formatBytes } from '../ui/quantity.ts';

type Fill = (code: ProblemCode, params: Problem['params']) => string;

/** Parameters that are bytes. */
const SIZES: ReadonlySet<string> = new Set([
  'needed',
  'freeSpace',
  'reserve',
  'saved',
  'written',
  'held',
  'hidden',
]);

/** Parameters that name an image; of its path people need the last part. */
const IMAGES: ReadonlySet<string> = new Set(['base', 'image']);

/** What a problem says to people: what happened, and what to do. */
export function useProblemText(): (problem: Problem) => string {
  const t = useTranslations('problems');
  const locale = useLocale();
  const { problems } = useMessages();
  return useCallback((given) => problemText(given, problems, t, locale), [problems, t, locale]);
}

/** The text of a problem. A code that another version stored shows with its parameters. */
export function problemText(
  { code, params }: Problem,
  texts: Readonly<Record<ProblemCode, string>>,
  fill: Fill,
  locale: string,
): string {
  if (Object.hasOwn(texts, code)) return fill(code, readable(params, locale));
  const details = Object.entries(params).map(([name, value]) => `, ${name} ${value}`);
  return fill('FROM_OTHER_VERSION', { code, details: details.join('') });
}

function readable(params: Problem['params'], locale: string): Problem['params'] {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      if (SIZES.has(name) && typeof value === 'number') return [name, formatBytes(value, locale)];
      if (IMAGES.has(name) && typeof value === 'string') return [name, value.split('/').at(-1) || value];
      // ICU takes no hyphen in what a message selects by.
      if (name === 'intent' && typeof value === 'string') return [name, value.replaceAll('-', '_')];
      // A reason is a text of another program; the full stop comes from ours.
      if (name === 'reason' && typeof value === 'string') return [name, value.trim().replace(/\.+$/, '')];
      return [name, value];
    }),
  );
}
