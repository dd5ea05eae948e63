'use client';

import { useTranslations } from 'next-intl';
import { memo } from 'react';
import type { Capabilities } from '../../model/fleet/capabilities.ts';
import { DEEP } from '../../model/fleet/chain.ts';
import type { Guest } from '../../model/fleet/guest.ts';
import { entryAddress } from '../address/guest.ts';
import { guestFigures } from '../fleet/guest-figures.ts';
import { GuestStateMark } from '../fleet/guest-state-mark.tsx';
import { StrataBars } from '../fleet/strata-bars.tsx';
import { useGuestState } from '../fleet/use-guest-state.ts';
import { Link } from '../ui/link.tsx';
import { cellClass, TableRow } from '../ui/table.tsx';
import { useQuantity } from '../ui/use-quantity.ts';
import { GuestFindings } from './guest-findings.tsx';

const WIDE = { from: 'sm' } as const;

export const GuestTableRow = memo(function Row({
  guest,
  host,
  ...seen
}: {
  guest: Guest;
  host: string;
  capabilities: Capabilities;
  /** Targets of the disks that operations have. */
  busy: string;
}) {
  const t = useTranslations('overview');
  const snapshots = useTranslations('snapshotStates');
  const stateText = useGuestState();
  const quantity = useQuantity();
  const { depth, bytes, partial, deepest, lost } = guestFigures(guest);
  return (
    <TableRow>
      <th scope="row" className="font-normal">
        <Link href={entryAddress(guest)} variant="name" className="font-medium wrap-anywhere">
          {guest.name}
        </Link>
      </th>
      <td className={cellClass(WIDE, 'text-muted')}>{host}</td>
      <td className={cellClass(WIDE, 'whitespace-nowrap text-muted')}>
        <GuestStateMark guest={guest} />{' '}
        <span className={guest.ioError ? 'text-bad' : undefined}>{stateText(guest)}</span>
      </td>
      <td className={cellClass({ ...WIDE, right: true }, 'text-muted')}>
        {guest.unread === null ? guest.disks.length : '?'}
      </td>
      <td>
        <span className="flex items-center gap-2">
          <span className={depth >= DEEP ? 'w-5 text-right font-semibold text-warn' : 'w-5 text-right'}>
            {depth || '–'}
          </span>
          <StrataBars depth={depth} />
          {guest.disks.length > 1 && <span className="text-muted">{deepest?.target}</span>}
        </span>
      </td>
      <td className="text-right whitespace-nowrap">{bytes === null ? '–' : quantity.sum(bytes, partial)}</td>
      <td className={cellClass(WIDE, 'whitespace-nowrap text-muted')}>
        {guest.records.length || '–'}
        {lost.map(({ state, count }) => (
          <span key={state} className="text-warn">
            {' '}
            · {t('recordsIn', { count, state: snapshots('label', { state }) })}
          </span>
        ))}
      </td>
      <td className="whitespace-nowrap">
        <GuestFindings guest={guest} {...seen} />
      </td>
    </TableRow>
  );
});
