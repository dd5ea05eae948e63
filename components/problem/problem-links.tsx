'use client';

import { useTranslations } from 'next-intl';
import type { Problem } from '../../model/problem.ts';
import { leftoversAddress } from '../address/leftovers.ts';
import { operationAddress } from '../address/operation.ts';
import { Link } from '../ui/link.tsx';

/** Links to what a problem is about: the operation that left images behind, and the page where they can be deleted. */
export function ProblemLinks({ problem: { params } }: { problem: Problem }) {
  const t = useTranslations('app');
  const { operation, hostId } = params;
  if (typeof operation !== 'string' || typeof hostId !== 'string') return null;
  return (
    <span className="flex flex-wrap gap-x-3">
      <Link href={operationAddress(operation)} variant="inline">
        {t('thatOperation')}
      </Link>
      <Link href={leftoversAddress(hostId)} variant="inline">
        {t('leftovers')}
      </Link>
    </span>
  );
}
