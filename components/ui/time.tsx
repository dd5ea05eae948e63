'use client';

import { useLocale } from 'next-intl';
import { useSyncExternalStore } from 'react';

const FORMATS = {
  moment: { dateStyle: 'medium', timeStyle: 'medium' },
  clock: { timeStyle: 'medium' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

const never = () => () => {};

/**
 * A moment in the reader's own time zone. `at` is milliseconds since 1970. The server does not know
 * the zone, so that the first drawing is UTC and the browser corrects it.
 */
export function Time({ at, format = 'moment' }: { at: number; format?: keyof typeof FORMATS }) {
  const locale = useLocale();
  const inBrowser = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  const formatter = new Intl.DateTimeFormat(locale, {
    ...FORMATS[format],
    ...(inBrowser ? {} : { timeZone: 'UTC' }),
  });
  return <time dateTime={new Date(at).toISOString()}>{formatter.format(at)}</time>;
}
