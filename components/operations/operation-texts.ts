'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import { intentKindOf } from '../../model/kinds/kinds.ts';
import type { Operation } from '../../model/operation/operation.ts';
import { useHostNames } from './use-host-names.ts';

/** What an operation does, as a phrase: `pull toward base.img`. */
export function useWhat(): (operation: Operation) => string {
  const t = useTranslations('intents');
  const hostNames = useHostNames();
  return useCallback(
    ({ plan }: Operation) => {
      const { intent } = plan;
      return t(intent.kind, intentKindOf(intent).text(plan, intent, hostNames(plan)));
    },
    [t, hostNames],
  );
}
