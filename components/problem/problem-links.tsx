'use client';

import { useTranslations } from 'next-intl';
import type { Problem } from '../../model/problem.ts';
import { leftoversAddress } from '../address/leftovers.ts';
import { operationAddress } from '../address/operation.ts';
import { Link } from '../ui/link.tsx';

/** The ways to what a problem speaks of: the operation that left images behind, and where they can be deleted. */
export function ProblemLinks({ problem: { params } }: { problem: Problem }) {
  const t = useTranslations('app');
  const { operation, hostId } = params;
  if (typeof operation !== 'string' || typeof hostId !== 'string') return null;
  return (
    <span className="flex flex-wrap gap-x-3">
      <Link href={operationAddress(operation)} look="inline">
        {t('thatOperation')}
      </Link>
      <Link href={leftoversAddress(hostId)} look="inline">
        {t('leftovers')}
      </Link>
    </span>
  );
}
