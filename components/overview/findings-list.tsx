'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { DEEP } from '../../model/fleet/chain.ts';
import { claims } from '../../model/plans/plan.ts';
import type { FleetList } from '../live/fleet-list.ts';
import { useUnfinishedOperations } from '../live/use-operations.ts';
import { Button } from '../ui/button.tsx';
import { FindingItem } from './finding-item.tsx';
import { findingKey, findings } from './findings.ts';

/** So many are shown at first. */
const FIRST = 6;

export function Findings({ fleet }: { fleet: FleetList }) {
  const t = useTranslations('overview');
  const [all, setAll] = useState(false);
  const underWay = useUnfinishedOperations();
  const found = useMemo(
    () => findings(fleet, (disk) => underWay.some(({ plan }) => claims(plan, disk))),
    [fleet, underWay],
  );
  const shown = all ? found : found.slice(0, FIRST);
  return (
    <section aria-labelledby="attention">
      <div className="mb-1.5 flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 id="attention" className="font-semibold">
          {t('attention')}
        </h2>
        <Link href="/doctor" prefetch={false} className="text-accent hover:underline">
          {t('examine')}
        </Link>
      </div>
      {found.length === 0 ? (
        <p className="text-muted">
          <span aria-hidden className="mr-1.5 text-ok">
            ✓
          </span>
          {t('calm', { depth: DEEP })}
        </p>
      ) : (
        <ul className="rounded-lg border border-line bg-panel">
          {shown.map((finding) => (
            <FindingItem key={findingKey(finding)} finding={finding} />
          ))}
          {found.length > shown.length && (
            <li className="border-t border-line px-1 py-1">
              <Button look="quiet" onClick={() => setAll(true)}>
                {t('more', { count: found.length - shown.length })}
              </Button>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}
