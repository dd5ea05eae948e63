'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import { type Guest, lacksSpace } from '../../model/fleet/guest.ts';

/** The text of a guest's state, with the reason if QEMU paused it. */
export function useGuestState(): (guest: Pick<Guest, 'state' | 'ioError'>) => string {
  const t = useTranslations('guest');
  return useCallback(
    ({ state, ioError }) =>
      ioError === null
        ? t('state', { state })
        : t('ioError', { why: lacksSpace(ioError) ? 'space' : 'other' }),
    [t],
  );
}
