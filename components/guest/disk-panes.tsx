'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { type ReactNode, useMemo } from 'react';
import type { Disk, Guest } from '../../model/guest.ts';
import type { Host } from '../../model/host.ts';
import { imageUsers } from '../../model/sharing.ts';
import { GuestDisk } from '../graph/guest-disk.tsx';
import { useFleet } from '../live/use-fleet.ts';
import { useOperationOn, useProgress } from '../live/use-operations.ts';
import { OperationPanel } from '../operations/operation-panel.tsx';
import { PlanPanel } from '../plan/plan-panel.tsx';
import { ChainTable } from '../table/chain-table.tsx';
import { useKeptFocus } from '../ui/use-kept-focus.ts';
import { baseFrom, withBase } from './base-query.ts';

/** The chain in the centre, and at its side the plan, or the operation that is under way. */
export function DiskPanes({
  head,
  host,
  guest,
  disk,
  view,
}: {
  head: ReactNode;
  host: Host;
  guest: Guest;
  disk: Disk;
  view: 'graph' | 'table';
}) {
  const t = useTranslations('guest');
  const path = usePathname();
  const query = useSearchParams();
  const base = baseFrom(query);
  const { target } = disk;
  const { guests } = useFleet();
  const users = useMemo(
    () => imageUsers(guests.filter(({ hostId }) => hostId === guest.hostId)),
    [guests, guest.hostId],
  );
  const operation = useOperationOn({ hostId: guest.hostId, uuid: guest.uuid, target });
  const progress = useProgress(operation?.id ?? null);
  const side = useKeptFocus<HTMLElement>(operation?.id ?? null);

  /** Only the address changes; the server has nothing to add. */
  function select(key: string | null | undefined) {
    window.history.replaceState(null, '', path + withBase(query, key));
  }

  const drawn = { host, guest, target, users, selected: base, onSelect: select, operation };
  return (
    <div className="grid min-h-full lg:h-full lg:grid-cols-[minmax(0,1fr)_335px]">
      <div className="flex min-h-0 min-w-0 flex-col">
        {head}
        <div className="min-h-96 flex-1 lg:min-h-0">
          {view === 'table' ? <ChainTable {...drawn} /> : <GuestDisk {...drawn} progress={progress} />}
        </div>
      </div>
      <aside
        ref={side}
        tabIndex={-1}
        aria-label={t('details')}
        className="min-w-0 border-line bg-panel -outline-offset-2 max-lg:border-t lg:overflow-y-auto lg:border-l"
      >
        {operation === null ? (
          <PlanPanel
            host={host}
            guest={guest}
            disk={disk}
            base={base}
            onStarted={() => select(undefined)}
            onCompletely={() => select(null)}
          />
        ) : (
          <OperationPanel operation={operation} progress={progress} />
        )}
      </aside>
    </div>
  );
}
