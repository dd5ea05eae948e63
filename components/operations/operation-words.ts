'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import { activeOf, positionOf } from '../../model/chain.ts';
import { imageName } from '../../model/image.ts';
import type { Operation } from '../../model/operation.ts';

/** What an operation does, as a phrase: `pull toward base.img`. */
export function useWhat(): (operation: Operation) => string {
  const t = useTranslations('operations');
  return useCallback(
    ({ plan }: Operation) => {
      const { base } = plan.intent;
      const image = base === null ? activeOf(plan.now) : plan.now.images[positionOf(plan.now, base)];
      const name = image ? imageName(image) : (base ?? '');
      return t(base === null ? 'pullAll' : 'pullToward', { image: name });
    },
    [t],
  );
}
