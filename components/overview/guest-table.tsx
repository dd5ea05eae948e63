'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { UNKNOWN_CAPABILITIES } from '../../model/fleet/capabilities.ts';
import type { Guest } from '../../model/fleet/guest.ts';
import { claims } from '../../model/kinds/claims.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import { type GuestOrder, inOrder } from '../fleet/guest-order.ts';
import type { FleetList } from '../live/fleet-list.ts';
import { useUnfinishedOperations } from '../live/use-operations.ts';
import { Table } from '../ui/table.tsx';
import { GuestTableRow } from './guest-table-row.tsx';

/** Every guest, the deepest chain first unless asked for otherwise. */
export function GuestTable({ fleet }: { fleet: FleetList }) {
  const t = useTranslations('overview');
  const locale = useLocale();
  const [order, setOrder] = useState<GuestOrder>('depth');
  const guests = useMemo(() => inOrder(fleet.guests, order, locale), [fleet.guests, order, locale]);
  const hosts = useMemo(() => new Map(fleet.hosts.map((host) => [host.id, host])), [fleet.hosts]);
  const plans = useUnfinishedOperations().map(({ plan }) => plan);
  const by = (column: GuestOrder) => ({
    order: column === 'name' ? ('ascending' as const) : ('descending' as const),
    on: order === column,
    choose: () => setOrder(column),
  });
  return (
    <section aria-labelledby="all-guests">
      <h2 id="all-guests" className="mb-1.5 font-semibold">
        {t('allGuests')}
      </h2>
      <Table
        columns={[
          { key: 'name', text: t('guest'), sort: by('name') },
          { key: 'host', text: t('host'), from: 'sm' },
          { key: 'state', text: t('state'), from: 'sm' },
          { key: 'disks', text: t('disks'), from: 'sm', right: true },
          { key: 'depth', text: t('chain'), sort: by('depth') },
          { key: 'bytes', text: t('size'), sort: by('bytes'), right: true },
          { key: 'records', text: t('records'), from: 'sm' },
          { key: 'findings', text: t('findings') },
        ]}
      >
        {guests.map((guest) => (
          <GuestTableRow
            key={`${guest.hostId}/${guest.uuid}`}
            guest={guest}
            host={hosts.get(guest.hostId)?.name ?? guest.hostId}
            capabilities={hosts.get(guest.hostId)?.capabilities ?? UNKNOWN_CAPABILITIES}
            busy={busyIn(guest, plans)}
          />
        ))}
      </Table>
    </section>
  );
}

/** A plain value, so that a row is drawn again only where it changed. */
function busyIn({ hostId, uuid, disks }: Guest, plans: readonly Plan[]): string {
  return disks
    .map(({ target }) => target)
    .filter((target) => plans.some((plan) => claims(plan, { hostId, uuid, target })))
    .join(' ');
}
