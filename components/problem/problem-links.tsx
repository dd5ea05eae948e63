'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { Problem } from '../../model/problem.ts';
import { leftoversAddress } from '../address/leftovers.ts';
import { operationAddress } from '../address/operation.ts';

/** The ways to what a problem speaks of: the operation that left images behind, and where they can be deleted. */
export function ProblemLinks({ problem: { params } }: { problem: Problem }) {
  const t = useTranslations('app');
  const { operation, hostId } = params;
  if (typeof operation !== 'string' || typeof hostId !== 'string') return null;
  return (
    <span className="flex flex-wrap gap-x-3">
      <Link
        href={operationAddress(operation)}
        prefetch={false}
        className="text-accent underline hover:no-underline"
      >
        {t('thatOperation')}
      </Link>
      <Link
        href={leftoversAddress(hostId)}
        prefetch={false}
        className="text-accent underline hover:no-underline"
      >
        {t('leftovers')}
      </Link>
    </span>
  );
}
