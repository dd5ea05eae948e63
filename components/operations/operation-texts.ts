'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import { activeOf } from '../../model/fleet/chain.ts';
import { imageName } from '../../model/fleet/image.ts';
import type { Operation } from '../../model/operation/operation.ts';
import { imageOf, type Plan } from '../../model/plans/plan.ts';
import { useFleet } from '../live/use-fleet.ts';

/** What an operation does, as a phrase: `pull toward base.img`. */
export function useWhat(): (operation: Operation) => string {
  const t = useTranslations('operations');
  const { hosts } = useFleet();
  return useCallback(
    ({ plan }: Operation) => {
      const { intent } = plan;
      switch (intent.kind) {
        case 'flatten': {
          const active = activeOf(plan.disks[0]?.now ?? { images: [] });
          if (intent.base === null) return t('pullAll', { image: active ? imageName(active) : '' });
          return t('pullToward', { image: nameIn(plan, intent.base) });
        }
        case 'merge-down':
          return t('mergeDown', { image: nameIn(plan, intent.base) });
        case 'shorten':
          return t('shorten', { count: plan.disks[0]?.after.images.length ?? 0 });
        case 'snapshot':
          return t('snapshot', { name: intent.name });
        case 'forget':
          return t('forget', { name: intent.names[0] ?? '', count: intent.names.length });
        case 'move':
          return t('move', { file: intent.file });
        case 'migrate':
          return t('migrate', { host: hosts.find(({ id }) => id === intent.to)?.name ?? intent.to });
        case 'end-job':
          return t(`end-job.${intent.how}`);
        case 'redefine':
        case 'resume':
          return t(intent.kind);
        case 'delete':
          return t('delete', {
            image: intent.files[0]?.split('/').at(-1) ?? '',
            count: intent.files.length,
          });
        default:
          return t(intent.kind, { image: nameIn(plan, intent.image) });
      }
    },
    [t, hosts],
  );
}

/** What people call an image of the plan. */
export function nameIn(plan: Plan, key: string): string {
  const image = imageOf(plan, key);
  return image ? imageName(image) : key;
}
