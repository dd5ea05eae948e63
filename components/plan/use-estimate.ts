import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import type { Range } from '../../model/content/target-layout.ts';
import { movedBy } from '../../model/cost/prediction.ts';
import type { ImageCost } from '../../model/plans/plan.ts';
import { useQuantity } from '../ui/use-quantity.ts';

/** How much is written, as text: a number where it is known, one with its range where it is not, an upper bound where no map could be read. */
export function useEstimate() {
  const t = useTranslations('plan');
  const { bytes } = useQuantity();
  return useMemo(() => {
    const atMost = (most: number | null) =>
      most === null ? t('unknown') : t('atMost', { size: bytes(most) });
    const about = ({ least, likely, most }: Range) =>
      bytes(least) === bytes(most) ? bytes(likely) : t('aboutSize', { size: bytes(likely) });
    return {
      size({ predicted, atMost: most }: ImageCost): string {
        return predicted == null || predicted.basis === 'allocations' ? atMost(most) : about(predicted);
      },
      /** How much is copied. That is more than an image grows by where it overwrites what is there. */
      moved({ predicted, atMost: most }: ImageCost): string {
        const known = predicted != null && predicted.basis !== 'allocations';
        return known ? about(movedBy(predicted)) : atMost(most);
      },
      /** `null` where a number is enough, or no map could be read. */
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
