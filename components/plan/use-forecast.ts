import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import type { ImageCost } from '../../model/plan.ts';
import { useQuantity } from '../ui/use-quantity.ts';

/** What is written, in words: a number where it is known, one with its range where it is not, an upper bound where nobody could look. */
export function useForecast() {
  const t = useTranslations('plan');
  const { bytes } = useQuantity();
  return useMemo(() => {
    const atMost = (most: number | null) =>
      most === null ? t('unknown') : t('atMost', { size: bytes(most) });
    return {
      size({ predicted, atMost: most }: ImageCost): string {
        if (predicted == null || predicted.basis === 'allocations') return atMost(most);
        const size = bytes(predicted.likely);
        const [least, highest] = [bytes(predicted.least), bytes(predicted.most)];
        return least === highest ? size : t('aboutSize', { size });
      },
      /** `null` where a number says it all, or nobody could look. */
      range({ predicted }: ImageCost): string | null {
        if (predicted == null || predicted.basis === 'allocations') return null;
        const [least, most] = [bytes(predicted.least), bytes(predicted.most)];
        return least === most ? null : t('range', { least, most });
      },
      basis({ predicted }: ImageCost): string {
        return t(`basis.${predicted?.basis ?? 'allocations'}`);
      },
      atMost,
    };
  }, [t, bytes]);
}
