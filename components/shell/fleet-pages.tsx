'use client';

import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { classNames } from '../ui/class-names.ts';
import { Link } from '../ui/link.tsx';

const PLACES = ['doctor', 'leftovers', 'operations'] as const;

/** Links to the pages about the whole fleet. */
export function FleetPages({ className }: { className: string }) {
  const t = useTranslations('app');
  const path = usePathname();
  return (
    <nav aria-label={t('places')} className={classNames('flex gap-3.5', className)}>
      {PLACES.map((place) => {
        const here = path.startsWith(`/${place}`);
        return (
          <Link
            key={place}
            href={`/${place}`}
            variant="bare"
            aria-current={here ? 'page' : undefined}
            className={classNames('hover:text-text', here ? 'text-text' : 'text-muted')}
          >
            {t(place)}
          </Link>
        );
      })}
    </nav>
  );
}
