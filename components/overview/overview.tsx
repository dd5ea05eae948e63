'use client';

import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { AddHost } from '../hosts/add-host.tsx';
import { HostList } from '../hosts/host-list.tsx';
import { useFleet } from '../live/use-fleet.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { AttentionList } from './attention-list.tsx';
import { fleetTotals } from './fleet-totals.ts';
import { GuestTable } from './guest-table.tsx';
import { Totals } from './totals.tsx';

/** The fleet at a glance: what there is, what needs attention, every guest with its depth and size. */
export function Overview() {
  const t = useTranslations('overview');
  const fleet = useFleet();
  const totals = useMemo(() => fleetTotals(fleet), [fleet]);
  if (fleet.hosts.length === 0) {
    return (
      <EmptyState title={t('empty')} action={<AddHost />}>
        {t('emptyText')}
      </EmptyState>
    );
  }
  return (
    <div className="flex flex-col gap-8 p-5">
      <h1 className="sr-only">{t('title')}</h1>
      <Totals totals={totals} />
      <AttentionList fleet={fleet} />
      {fleet.guests.length > 0 ? (
        <GuestTable fleet={fleet} />
      ) : (
        <EmptyState title={t('noGuests')}>{t('noGuestsText')}</EmptyState>
      )}
      <HostList fleet={fleet} />
    </div>
  );
}
