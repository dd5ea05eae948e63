'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { type GuestOrder, inOrder } from '../fleet/guest-order.ts';
import type { FleetList } from '../live/fleet-list.ts';
import { Table } from '../ui/table.tsx';
import { GuestTableRow } from './guest-table-row.tsx';

/** Every guest, the deepest chain first unless asked for otherwise. */
export function GuestTable({ fleet }: { fleet: FleetList }) {
  const t = useTranslations('overview');
  const locale = useLocale();
  const [order, setOrder] = useState<GuestOrder>('depth');
  const guests = useMemo(() => inOrder(fleet.guests, order, locale), [fleet.guests, order, locale]);
  const hostNames = useMemo(() => new Map(fleet.hosts.map(({ id, name }) => [id, name])), [fleet.hosts]);
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
        ]}
      >
        {guests.map((guest) => (
          <GuestTableRow
            key={`${guest.hostId}/${guest.uuid}`}
            guest={guest}
            host={hostNames.get(guest.hostId) ?? guest.hostId}
          />
        ))}
      </Table>
    </section>
  );
}
