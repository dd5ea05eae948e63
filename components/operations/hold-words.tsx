'use client';

import { useTranslations } from 'next-intl';
import type { Hold } from '../../model/hold.ts';
import { useQuantity } from '../ui/use-quantity.ts';

/** What an operation waits for that stands still. */
export function HoldWords({ hold: { place, free, until } }: { hold: Hold }) {
  const t = useTranslations('operations');
  const { bytes } = useQuantity();
  return (
    <span className="min-w-0 wrap-anywhere text-warn md:whitespace-normal">
      <span aria-hidden>❚❚ </span>
      {t('held', { place, free: bytes(free), until: bytes(until) })}
    </span>
  );
}
