'use client';

import { useLocale } from 'next-intl';
import { useMemo } from 'react';
import { bytesParts, formatBytes, formatDuration, formatRate, formatShare, formatSum } from './quantity.ts';

/** The formats of `quantity.ts` in the reader's language. */
export function useQuantity() {
  const locale = useLocale();
  return useMemo(
    () => ({
      bytes: (bytes: number) => formatBytes(bytes, locale),
      sum: (bytes: number, partial: boolean) => formatSum(bytes, partial, locale),
      bytesParts: (bytes: number) => bytesParts(bytes, locale),
      rate: (bytesPerSecond: number) => formatRate(bytesPerSecond, locale),
      share: (share: number) => formatShare(share, locale),
      duration: (milliseconds: number) => formatDuration(milliseconds, locale),
    }),
    [locale],
  );
}
