'use client';

import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { findingKey } from '../../model/doctor/finding.ts';
import { DEEP } from '../../model/fleet/chain.ts';
import { claims } from '../../model/kinds/claims.ts';
import { doctorAddress } from '../address/doctor.ts';
import type { FleetList } from '../live/fleet-list.ts';
import { useUnfinishedOperations } from '../live/use-operations.ts';
import { Button } from '../ui/button.tsx';
import { CalmText } from '../ui/calm-text.tsx';
import { Link } from '../ui/link.tsx';
import { attention } from './attention.ts';
import { FindingItem } from './finding-item.tsx';
import { LostHost } from './lost-host.tsx';

/** So many are shown at first. */
const FIRST = 6;

/** What in the fleet needs attention, the worst first: hosts that are not connected, then what the doctor finds. */
export function AttentionList({ fleet }: { fleet: FleetList }) {
  const t = useTranslations('overview');
  const [all, setAll] = useState(false);
  const underWay = useUnfinishedOperations();
  const lost = fleet.hosts.filter(({ state }) => state !== 'connected');
  const found = useMemo(
    () => attention(fleet, (disk) => underWay.some(({ plan }) => claims(plan, disk))),
    [fleet, underWay],
  );
  const items = [
    ...lost.map((host) => <LostHost key={host.id} host={host} />),
    ...found.map((finding) => <FindingItem key={findingKey(finding)} finding={finding} />),
  ];
  const shown = all ? items : items.slice(0, FIRST);
  return (
    <section aria-labelledby="attention">
      <div className="mb-1.5 flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 id="attention" className="font-semibold">
          {t('attention')}
        </h2>
        <Link href={doctorAddress()}>{t('examine')}</Link>
      </div>
      {items.length === 0 ? (
        <CalmText>{t('calm', { depth: DEEP })}</CalmText>
      ) : (
        <ul className="rounded-lg border border-line bg-panel">
          {shown}
          {items.length > shown.length && (
            <li className="border-t border-line px-1 py-1">
              <Button variant="quiet" onClick={() => setAll(true)}>
                {t('more', { count: items.length - shown.length })}
              </Button>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}
