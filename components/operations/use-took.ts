'use client';

import { useTranslations } from 'next-intl';
import { lastSeenAt, type Operation } from '../../model/operation/operation.ts';
import { useQuantity } from '../ui/use-quantity.ts';

/** How long an operation took, as a text that says if only bounds are known; `null` for one that never began or has not ended. */
export function useTook(): (operation: Operation) => string | null {
  const t = useTranslations('operations');
  const { duration } = useQuantity();
  return (operation) => {
    const { startedAt, endedAt } = operation;
    if (startedAt === null || endedAt === null) return null;
    const most = duration(endedAt - startedAt);
    const least = duration((lastSeenAt(operation) ?? endedAt) - startedAt);
    return least === most ? most : t('tookBetween', { least, most });
  };
}
