'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import type { Disk, Guest } from '../../model/guest.ts';
import type { Host } from '../../model/host.ts';
import { imageUsers } from '../../model/sharing.ts';
import { GuestDisk } from '../graph/guest-disk.tsx';
import { useFleet } from '../live/use-fleet.ts';
import { useOperationOn, useProgress } from '../live/use-operations.ts';
import { OperationPanel } from '../operations/operation-panel.tsx';
import { PlanPanel } from '../plan/plan-panel.tsx';
import { ProblemNote } from '../problem/problem-note.tsx';
import { EmptyState } from '../shell/empty-state.tsx';
import { ChainTable } from '../table/chain-table.tsx';
import { Segments } from '../ui/segments.tsx';
import { baseFrom, withBase } from './base-query.ts';

/** The chain in the centre, and at its side the plan, or the operation that is under way. */
export function DiskView({
  host,
  guest,
  target,
  disk,
}: {
  host: Host;
  guest: Guest;
  target: string;
  disk: Disk | null;
}) {
  const t = useTranslations('guest');
  const path = usePathname();
  const query = useSearchParams();
  const view = query.get('view') === 'table' ? 'table' : 'graph';
  const base = baseFrom(query);
  const { guests } = useFleet();
  const users = useMemo(
    () => imageUsers(guests.filter(({ hostId }) => hostId === guest.hostId)),
    [guests, guest.hostId],
  );
  const operation = useOperationOn({ hostId: guest.hostId, uuid: guest.uuid, target });
  const progress = useProgress(operation?.id ?? null);

  /** Only the address changes; the server has nothing to add. */
  function select(key: string | null | undefined) {
    window.history.replaceState(null, '', path + withBase(query, key));
  }

  const guestPath = `/h/${encodeURIComponent(guest.hostId)}/${guest.uuid}`;
  const suffix = view === 'table' ? '?view=table' : '';
  const drawn = { host, guest, target, users, selected: base, onSelect: select, operation, progress };
  return (
    <div className="grid min-h-full lg:h-full lg:grid-cols-[minmax(0,1fr)_335px]">
      <div className="flex min-h-0 min-w-0 flex-col">
        <h1 className="sr-only">
          {guest.name} · {target}
        </h1>
        <div className="flex flex-wrap items-center justify-between gap-2 px-4 pt-2.5">
          <Segments
            label={t('disks', { guest: guest.name })}
            current={target}
            items={guest.disks.map((one) => ({
              key: one.target,
              label: one.target,
              href: `${guestPath}/${one.target}${suffix}`,
            }))}
          />
          <Segments
            label={t('view')}
            current={view}
            replace
            items={[
              { key: 'graph', label: t('graph'), href: path + withView(query, null) },
              { key: 'table', label: t('table'), href: path + withView(query, 'table') },
            ]}
          />
        </div>
        {host.state !== 'connected' && (
          <div role="status" className="mx-5 mt-2 border-l-2 border-bad pl-2.5">
            <p>{t('stale', { host: host.name })}</p>
            {host.problem && <ProblemNote problem={host.problem} className="border-0 pl-0 text-muted" />}
          </div>
        )}
        <div className="min-h-96 flex-1 lg:min-h-0">
          {disk === null ? (
            <EmptyState title={t('diskUnknown', { guest: guest.name, target })}>
              {t('diskUnknownText')}
            </EmptyState>
          ) : view === 'table' ? (
            <ChainTable {...drawn} />
          ) : (
            <GuestDisk {...drawn} />
          )}
        </div>
      </div>
      <aside
        aria-label={t('details')}
        className="min-w-0 border-line bg-panel max-lg:border-t lg:overflow-y-auto lg:border-l"
      >
        {operation !== null ? (
          <OperationPanel operation={operation} progress={progress} />
        ) : (
          disk !== null && (
            <PlanPanel
              host={host}
              guest={guest}
              disk={disk}
              base={base}
              onStarted={() => select(undefined)}
            />
          )
        )}
      </aside>
    </div>
  );
}

function withView(query: URLSearchParams, view: 'table' | null): string {
  const next = new URLSearchParams(query);
  next.delete('view');
  if (view !== null) next.set('view', view);
  return next.size === 0 ? '' : `?${next}`;
}
