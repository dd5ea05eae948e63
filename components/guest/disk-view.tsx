'use client';

import dynamic from 'next/dynamic';
import { usePathname, useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import type { Disk } from '../../model/fleet/disk.ts';
import type { Guest } from '../../model/fleet/guest.ts';
import type { Host } from '../../model/fleet/host.ts';
import { ActionMenu } from '../actions/action-menu.tsx';
import { guestAddress } from '../address/guest.ts';
import { pickedFrom } from '../address/picked.ts';
import { VIEWS, viewFrom, withView } from '../address/view.ts';
import { useFleet } from '../live/use-fleet.ts';
import { useProblemText } from '../problem/problem-text.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Segments } from '../ui/segments.tsx';
import { DiskPanes } from './disk-panes.tsx';

// Seldom needed, and it knows all of the doctor's checks.
const IoErrorNote = dynamic(() => import('./io-error-note.tsx').then((module) => module.IoErrorNote), {
  loading: () => null,
});

/** The disks of a guest, and of the one in view its chain with the plan or the operation that is under way. */
export function DiskView({
  host,
  guest,
  target,
  disk,
}: {
  host: Host;
  guest: Guest;
  target: string;
  /** `null` where the guest has no such disk. */
  disk: Disk | null;
}) {
  const t = useTranslations('guest');
  const problemText = useProblemText();
  const path = usePathname();
  const query = useSearchParams();
  const view = viewFrom(query);
  const others = useFleet().hosts.filter(({ id }) => id !== host.id);
  const head = (
    <>
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
            href: guestAddress(guest, one.target, view),
          }))}
        />
        <div className="flex items-center gap-2">
          <Segments
            label={t('view')}
            current={view}
            items={VIEWS.map((key) => ({ key, label: t(key), href: path + withView(query, key) }))}
          />
          {disk && <ActionMenu at={{ host, others, guest, disk, picked: pickedFrom(query) }} />}
        </div>
      </div>
      {guest.ioError && <IoErrorNote guest={guest} />}
      {host.state !== 'connected' && (
        <div role="status" className="mx-5 mt-2 border-l-2 border-bad pl-2.5 wrap-anywhere">
          <p>{t('stale', { host: host.name })}</p>
          {host.problem && <p className="text-muted">{problemText(host.problem)}</p>}
        </div>
      )}
    </>
  );
  if (disk === null) {
    return (
      <>
        {head}
        <EmptyState title={t('diskUnknown', { guest: guest.name, target })}>
          {t('diskUnknownText')}
        </EmptyState>
      </>
    );
  }
  return (
    <DiskPanes
      key={`${guest.uuid}/${target}`}
      head={head}
      host={host}
      guest={guest}
      disk={disk}
      view={view}
    />
  );
}
