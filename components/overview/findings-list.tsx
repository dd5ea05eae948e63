'use client';

import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { DEEP } from '../../model/chain.ts';
import type { FleetList } from '../live/fleet-list.ts';
import { Button } from '../ui/button.tsx';
import { FindingItem } from './finding-item.tsx';
import { findingKey, findings } from './findings.ts';

/** So many are shown at first. */
const FIRST = 6;

export function Findings({ fleet }: { fleet: FleetList }) {
  const t = useTranslations('overview');
  const [all, setAll] = useState(false);
  const found = useMemo(() => findings(fleet), [fleet]);
  const shown = all ? found : found.slice(0, FIRST);
  return (
    <section aria-labelledby="attention">
      <h2 id="attention" className="mb-1.5 font-semibold">
        {t('attention')}
      </h2>
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
