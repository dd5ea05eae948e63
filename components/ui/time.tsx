'use client';

import { useLocale } from 'next-intl';
import { useSyncExternalStore } from 'react';

const STYLES = {
  moment: { dateStyle: 'medium', timeStyle: 'medium' },
  clock: { timeStyle: 'medium' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

const never = () => () => {};

/**
 * A moment in the reader's own time zone. `at` is milliseconds since 1970. The server does not know
 * the zone, so that the first drawing is UTC and the browser corrects it.
 */
export function Time({ at, look = 'moment' }: { at: number; look?: keyof typeof STYLES }) {
  const locale = useLocale();
  const inBrowser = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  const format = new Intl.DateTimeFormat(locale, {
    ...STYLES[look],
    ...(inBrowser ? {} : { timeZone: 'UTC' }),
  });
  return <time dateTime={new Date(at).toISOString()}>{format.format(at)}</time>;
}
