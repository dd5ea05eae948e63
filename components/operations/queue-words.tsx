'use client';

import { useTranslations } from 'next-intl';
import type { Operation } from '../../model/operation.ts';
import { useAhead } from '../live/use-operations.ts';
import { diskName } from './disk-name.ts';

/** What an operation waits for that has not begun. */
export function QueueWords({ operation }: { operation: Operation }) {
  const t = useTranslations('operations');
  const ahead = useAhead(operation.plan);
  const words = ahead === null ? t('waiting') : t('waitingFor', { disk: diskName(ahead) });
  return <span className="text-muted">{words}</span>;
}
