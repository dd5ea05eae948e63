'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { type GuestOrder, inOrder } from '../fleet/guest-order.ts';
import type { FleetList } from '../live/fleet-list.ts';
import { GuestTableRow } from './guest-table-row.tsx';

/** Every guest, the deepest chain first unless asked for otherwise. */
export function GuestTable({ fleet }: { fleet: FleetList }) {
  const t = useTranslations('overview');
  const locale = useLocale();
  const [order, setOrder] = useState<GuestOrder>('depth');
  const guests = useMemo(() => inOrder(fleet.guests, order, locale), [fleet.guests, order, locale]);
  const hostNames = useMemo(() => new Map(fleet.hosts.map(({ id, name }) => [id, name])), [fleet.hosts]);
  const head = (column: GuestOrder, text: string) => (
    <SortButton active={order === column} text={text} onClick={() => setOrder(column)} />
  );
  const sorted = (column: GuestOrder) =>
    order === column ? (column === 'name' ? 'ascending' : 'descending') : 'none';
  return (
    <section aria-labelledby="all-guests">
      <h2 id="all-guests" className="mb-1.5 font-semibold">
        {t('allGuests')}
      </h2>
      <div className="overflow-x-auto">
        <table className="w-full text-left">
          <thead className="text-2xs text-muted">
            <tr className="border-b border-line *:py-1.5 *:pr-4 *:font-semibold">
              <th scope="col" aria-sort={sorted('name')}>
                {head('name', t('guest'))}
              </th>
              <th scope="col" className="max-sm:hidden">
                {t('host')}
              </th>
              <th scope="col" className="max-sm:hidden">
                {t('state')}
              </th>
              <th scope="col" className="text-right max-sm:hidden">
                {t('disks')}
              </th>
              <th scope="col" aria-sort={sorted('depth')}>
                {head('depth', t('chain'))}
              </th>
              <th scope="col" aria-sort={sorted('bytes')} className="text-right">
                {head('bytes', t('size'))}
              </th>
              <th scope="col" className="max-sm:hidden">
                {t('records')}
              </th>
            </tr>
          </thead>
          <tbody>
            {guests.map((guest) => (
              <GuestTableRow
                key={`${guest.hostId}/${guest.uuid}`}
                guest={guest}
                host={hostNames.get(guest.hostId) ?? guest.hostId}
              />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function SortButton({ active, text, onClick }: { active: boolean; text: string; onClick: () => void }) {
  return (
    <button type="button" onClick={onClick} className={active ? 'text-text' : 'hover:text-text'}>
      {text}
      <span aria-hidden className={active ? 'ml-1' : 'invisible ml-1'}>
        ↓
      </span>
    </button>
  );
}
