import { useLocale, useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { activeOf } from '../../model/fleet/chain.ts';
import { imageName } from '../../model/fleet/image.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import { imageOf } from '../../model/plans/plan.ts';
import { shortened } from './shortened.ts';

/** So many images are called by their names, the others are counted. */
const NAMED = 3;

/** What people call the images of a plan. */
export function useNames(plan: Plan) {
  const t = useTranslations('plan');
  const locale = useLocale();
  return useMemo(() => {
    const [disk] = plan.disks;
    const list = new Intl.ListFormat(locale, { type: 'conjunction' });
    const called = (key: string) => {
      const image = imageOf(plan, key);
      return shortened(image ? imageName(image) : key);
    };
    const names = (disk?.merged ?? []).map(called).reverse();
    const rest = names.length - NAMED;
    const shown = rest > 1 ? [...names.slice(0, NAMED), t('moreImages', { count: rest })] : names;
    const active = activeOf(disk?.now ?? { images: [] });
    const base = plan.intent.kind === 'flatten' ? plan.intent.base : null;
    return {
      merged: list.format(shown),
      active: active ? called(active.key) : '',
      base: base === null ? null : called(base),
      others: list.format(new Set(plan.otherUsers.map(({ guestName }) => guestName))),
    };
  }, [plan, t, locale]);
}
