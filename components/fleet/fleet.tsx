'use client';

import { useParams } from 'next/navigation';
import { useLocale, useTranslations } from 'next-intl';
import { type FocusEvent, type KeyboardEvent, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useFleet } from '../live/use-fleet.ts';
import { useConcernedGuests } from '../plan/concerned-guests.tsx';
import { Button } from '../ui/button.tsx';
import { Choice } from '../ui/choice.tsx';
import { fleetGroups } from './fleet-groups.ts';
import { useFleetSearch } from './fleet-search.tsx';
import type { GuestOrder } from './guest-order.ts';
import { GuestRow } from './guest-row.tsx';
import { HostHead } from './host-head.tsx';
import { moveFocus, showRow } from './rows.ts';
import { useWorkByGuest } from './use-work-by-guest.ts';

/** All guests by host. One row is in the tab order; the arrow keys lead to the others, Enter opens. */
export function Fleet() {
  const t = useTranslations('fleet');
  const locale = useLocale();
  const fleet = useFleet();
  const search = useFleetSearch();
  const query = useDeferredValue(search.query.trim());
  const params = useParams<{ hostId?: string; uuid?: string }>();
  const [order, setOrder] = useState<GuestOrder>('name');
  const [focused, setFocused] = useState<string | null>(null);
  const groups = useMemo(() => fleetGroups(fleet, query, order, locale), [fleet, query, order, locale]);

  const concerned = useConcernedGuests();
  const work = useWorkByGuest();
  const allRows = groups.flatMap((group) => group.rows);
  const current = params.hostId && params.uuid ? `${params.hostId}/${params.uuid}` : null;
  const tabbable = [focused, current].find((id) => allRows.some((row) => row.id === id)) ?? allRows[0]?.id;

  // The row of the guest in view: the list may be longer than the window.
  const all = query === '';
  useEffect(() => {
    if (all && current !== null) showRow(current);
  }, [all, current]);

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const onRow = event.target instanceof HTMLElement && event.target.dataset.guest !== undefined;
    if (onRow && moveFocus(event.currentTarget, event.key)) event.preventDefault();
  }

  function onFocus(event: FocusEvent<HTMLElement>) {
    if (event.target.dataset.guest) setFocused(event.target.dataset.guest);
  }

  return (
    <nav
      id="fleet"
      aria-label={t('title')}
      className="flex min-h-0 flex-1 flex-col bg-panel"
      onKeyDown={onKeyDown}
      onFocus={onFocus}
    >
      <div className="flex items-center justify-between px-4 pt-3 pb-1">
        <Choice
          label={t('sort')}
          value={order}
          onChange={setOrder}
          options={[
            { value: 'name', label: t('sortName') },
            { value: 'depth', label: t('sortDepth') },
            { value: 'bytes', label: t('sortBytes') },
          ]}
        />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto pb-4">
        <div
          className={query === '' ? 'sr-only' : 'flex justify-between gap-2 px-4 pt-1 text-2xs text-muted'}
        >
          <p role="status">{query !== '' && t('found', { count: allRows.length })}</p>
          {query !== '' && (
            <Button variant="link" onClick={() => search.setQuery('')}>
              {t('clear')}
            </Button>
          )}
        </div>
        {groups.map(({ host, rows }, index) => (
          <section key={host.id} aria-label={host.name} className="pt-3">
            <HostHead
              host={host}
              count={rows.length}
              column={index === 0 ? t(order === 'bytes' ? 'bytes' : 'depth') : null}
            />
            {rows.length === 0 && host.state === 'connected' && (
              <p className="px-4 py-1 text-muted">{t('noGuests')}</p>
            )}
            <ul>
              {rows.map(({ id, guest, hint }) => (
                <GuestRow
                  key={id}
                  guest={guest}
                  current={id === current}
                  tabbable={id === tabbable}
                  measure={order}
                  hint={hint}
                  concerned={concerned.has(id)}
                  work={work.get(id) ?? null}
                  stale={host.state !== 'connected'}
                />
              ))}
            </ul>
          </section>
        ))}
        {query !== '' && allRows.length === 0 && (
          <p className="px-4 py-2 text-muted wrap-anywhere">{t('nothingFound', { query })}</p>
        )}
        {fleet.hosts.length === 0 && <p className="px-4 py-2 text-muted">{t('noHosts')}</p>}
      </div>
    </nav>
  );
}
