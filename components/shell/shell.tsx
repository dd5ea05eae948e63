'use client';

import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import { Fleet } from '../fleet/fleet.tsx';
import { FleetSearchProvider } from '../fleet/fleet-search.tsx';
import { Drawer } from '../operations/drawer.tsx';
import { ConcernedGuestsProvider } from '../plan/concerned-guests.tsx';
import { classNames } from '../ui/class-names.ts';
import { SkipLink } from '../ui/skip-link.tsx';
import { FleetPages } from './fleet-pages.tsx';
import { TopBar } from './top-bar.tsx';

/** The frame of every page: the fleet at the left, the page, and the operations under way at the foot. */
export function Shell({ name, children }: { name: string; children: ReactNode }) {
  const t = useTranslations('app');
  const path = usePathname();
  // Open for one page only: going to another closes it.
  const [openAt, setOpenAt] = useState<string | null>(null);
  const fleetOpen = openAt === path;
  return (
    <FleetSearchProvider>
      <ConcernedGuestsProvider>
        <SkipLink to="content">{t('skip')}</SkipLink>
        <div className="grid h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)_auto]">
          <TopBar name={name} fleetOpen={fleetOpen} onFleet={(open) => setOpenAt(open ? path : null)} />
          <div className="grid min-h-0 md:grid-cols-[245px_minmax(0,1fr)]">
            <div
              className={classNames(
                'flex min-h-0 flex-col border-r border-line max-md:border-r-0',
                !fleetOpen && 'max-md:hidden',
              )}
            >
              <FleetPages className="border-b border-line bg-panel px-4 py-2.5 lg:hidden" />
              <Fleet />
            </div>
            <main
              id="content"
              tabIndex={-1}
              className={classNames(
                'min-h-0 min-w-0 overflow-y-auto outline-none',
                fleetOpen && 'max-md:hidden',
              )}
            >
              {children}
            </main>
          </div>
          <Drawer />
        </div>
      </ConcernedGuestsProvider>
    </FleetSearchProvider>
  );
}
