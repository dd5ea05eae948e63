'use client';

import { useFormatter, useTranslations } from 'next-intl';
import { useCallback } from 'react';
import { activeOf } from '../../model/fleet/chain.ts';
import { diskOf, type Guest, type IoError, lacksSpace } from '../../model/fleet/guest.ts';
import { imagePath } from '../../model/fleet/image.ts';

/** What is to be said of a guest that QEMU paused for an I/O error. */
export function useStopTexts(): (guest: Guest, ioError: IoError) => { title: string; text: string } {
  const t = useTranslations('guest');
  const format = useFormatter();
  return useCallback(
    (guest, ioError) => {
      const why = lacksSpace(ioError) ? 'space' : 'other';
      const targets = ioError.disks.map(({ target }) => target);
      const paths = targets.flatMap((target) => {
        const active = activeOf(diskOf(guest, target)?.chain ?? { images: [] });
        return (active && imagePath(active)) ?? [];
      });
      const disks = targets.length === 0 ? t('someDisk') : format.list(targets);
      const places = paths.length === 0 ? 'none' : format.list(paths);
      return {
        title: t('stopped', { guest: guest.name, disks, why }),
        text: t('stoppedText', { why, places, count: paths.length }),
      };
    },
    [t, format],
  );
}
