'use client';

import { useParams, usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { entryAddress } from '../address/guest.ts';
import { historyAddress } from '../address/history.ts';
import { useGuest, useHost } from '../live/use-fleet.ts';
import { Link } from '../ui/link.tsx';

/** Where the reader is: host, guest, disk. */
export function Trail() {
  const t = useTranslations('app');
  const params = useParams<{ hostId?: string; uuid?: string; disk?: string[]; id?: string }>();
  const path = usePathname();
  const host = useHost(params.hostId ?? '');
  const guest = useGuest(params.hostId ?? '', params.uuid ?? '');
  const target = params.disk?.[0];

  const place = (['account', 'doctor', 'leftovers'] as const).find((name) => path === `/${name}`);
  const places: { text: string; href: string | null }[] = [];
  if (path.startsWith('/operations')) {
    places.push({ text: t('operations'), href: params.id ? historyAddress() : null });
    if (params.id) places.push({ text: params.id.slice(0, 8), href: null });
  } else if (place !== undefined) {
    places.push({ text: t(place), href: null });
  } else if (params.hostId) {
    places.push({ text: host?.name ?? params.hostId, href: '/' });
    if (params.uuid) {
      places.push({ text: guest?.name ?? params.uuid.slice(0, 8), href: guest && entryAddress(guest) });
    }
    if (target) places.push({ text: target, href: null });
  } else {
    places.push({ text: t('fleet'), href: null });
  }

  return (
    <nav aria-label={t('path')} className="min-w-0">
      <ol className="flex min-w-0 items-center">
        {places.map(({ text, href }, index) => {
          const last = index === places.length - 1;
          return (
            <li
              key={`${href}/${text}`}
              className={last ? 'min-w-0 truncate font-semibold' : 'flex min-w-0 text-muted'}
            >
              {href === null || last ? (
                <span aria-current={last ? 'page' : undefined}>{text}</span>
              ) : (
                <Link href={href} variant="bare" className="truncate hover:text-text">
                  {text}
                </Link>
              )}
              {!last && (
                <span aria-hidden className="mx-2 text-line-strong">
                  /
                </span>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
