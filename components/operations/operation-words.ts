'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import { activeOf, positionOf } from '../../model/chain.ts';
import { imageName } from '../../model/image.ts';
import type { Operation } from '../../model/operation.ts';

/** `web-1 · vda` */
export function diskName(operation: Operation): string {
  return `${operation.guestName} · ${operation.disk.target}`;
}

/** The page of the disk that an operation works on. */
export function diskAddress(operation: Operation): string {
  const { hostId, uuid, target } = operation.disk;
  return `/h/${encodeURIComponent(hostId)}/${uuid}/${target}`;
}

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
