'use client';

import { useTranslations } from 'next-intl';
import { type Hold, waitsForOthers } from '../../model/hold.ts';
import { useQuantity } from '../ui/use-quantity.ts';

/** What an operation waits for that stands still. */
export function HoldWords({ hold }: { hold: Hold }) {
  const t = useTranslations('operations');
  const { bytes } = useQuantity();
  const { place, free, until } = hold;
  const why = waitsForOthers(hold) ? 'others' : 'room';
  return (
    <span className="min-w-0 wrap-anywhere text-warn md:whitespace-normal">
      <span aria-hidden>❚❚ </span>
      {t('held', { place, free: bytes(free), until: bytes(until), why })}
    </span>
  );
}
