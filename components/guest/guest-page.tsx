'use client';

import { useTranslations } from 'next-intl';
import { diskOf } from '../../model/fleet/guest.ts';
import { guestAddress } from '../address/guest.ts';
import { useElsewhere, useGuest, useHost } from '../live/use-fleet.ts';
import { useProblemText } from '../problem/problem-text.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Link } from '../ui/link.tsx';
import { DiskView } from './disk-view.tsx';

/** One disk of one guest, or the reason why there is nothing to draw. */
export function GuestPage({ hostId, uuid, target }: { hostId: string; uuid: string; target: string | null }) {
  const t = useTranslations('guest');
  const problemText = useProblemText();
  const host = useHost(hostId);
  const guest = useGuest(hostId, uuid);
  const moved = useElsewhere(hostId, uuid);
  const toFleet = <Link href="/">{t('toFleet')}</Link>;
  if (host === null) {
    return (
      <EmptyState title={t('hostUnknown')} action={toFleet}>
        {t('hostUnknownText', { host: hostId })}
      </EmptyState>
    );
  }
  if (guest === null && moved !== null) {
    const there = guestAddress({ hostId: moved.host.id, uuid }, target);
    const toGuest = <Link href={there}>{t('movedTo', { host: moved.host.name })}</Link>;
    return (
      <EmptyState title={t('gone')} action={toGuest}>
        {t('goneText', { host: host.name, uuid })}
      </EmptyState>
    );
  }
  if (guest === null) {
    const waiting = host.state !== 'connected';
    return (
      <EmptyState title={waiting ? t('waiting', { host: host.name }) : t('gone')} action={toFleet}>
        {waiting ? t('waitingText') : t('goneText', { host: host.name, uuid })}
      </EmptyState>
    );
  }
  if (guest.unread !== null) {
    return <EmptyState title={t('unread', { guest: guest.name })}>{problemText(guest.unread)}</EmptyState>;
  }
  const disk = target === null ? (guest.disks[0] ?? null) : diskOf(guest, target);
  if (disk === null && guest.disks.length === 0) {
    return <EmptyState title={t('noDisks', { guest: guest.name })}>{t('noDisksText')}</EmptyState>;
  }
  return <DiskView host={host} guest={guest} target={disk?.target ?? target ?? ''} disk={disk} />;
}
