'use client';

import { useTranslations } from 'next-intl';
import { IconButton } from '../ui/icon-button.tsx';
import { LineIcon } from '../ui/line-icon.tsx';
import { Link } from '../ui/link.tsx';
import { Account } from './account.tsx';
import { FleetPages } from './fleet-pages.tsx';
import { LiveMark } from './live-mark.tsx';
import { Logo } from './logo.tsx';
import { SearchBox } from './search-box.tsx';
import { Trail } from './trail.tsx';

export function TopBar({
  name,
  fleetOpen,
  onFleet,
}: {
  name: string;
  /** On narrow screens the fleet is a view of its own. */
  fleetOpen: boolean;
  onFleet: (open: boolean) => void;
}) {
  const t = useTranslations('app');
  return (
    <header className="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-line bg-panel px-4 py-2 md:h-[43px] md:flex-nowrap md:py-0">
      <IconButton
        label={t(fleetOpen ? 'hideFleet' : 'showFleet')}
        aria-expanded={fleetOpen}
        aria-controls="fleet"
        onClick={() => onFleet(!fleetOpen)}
        className="-ml-1.5 md:hidden"
      >
        <LineIcon size={16}>
          <path d="M2 4h12M2 8h12M2 12h12" />
        </LineIcon>
      </IconButton>
      <Link
        href="/"
        aria-label={t('home')}
        variant="bare"
        className="flex shrink-0 items-center gap-2.5 md:w-[213px]"
      >
        <Logo />
        <span className="font-semibold max-sm:hidden">{t('name')}</span>
      </Link>
      <div className="min-w-0 md:pl-5">
        <Trail />
      </div>
      <div className="ml-auto flex min-w-0 items-center gap-3.5 max-md:contents">
        <div className="min-w-0 max-md:order-last max-md:flex max-md:w-full">
          <SearchBox onUse={() => onFleet(true)} />
        </div>
        {/* On narrower screens they are above the fleet. */}
        <FleetPages className="max-lg:hidden" />
        <div className="flex items-center gap-3.5 max-md:ml-auto">
          <LiveMark />
          <Account name={name} />
        </div>
      </div>
    </header>
  );
}
