'use client';

import { useTranslations } from 'next-intl';
import { memo } from 'react';
import { DEEP } from '../../model/fleet/chain.ts';
import type { Guest } from '../../model/fleet/guest.ts';
import { entryAddress } from '../address/guest.ts';
import type { ShownState } from '../operations/shown-state.ts';
import { classNames } from '../ui/class-names.ts';
import { Link } from '../ui/link.tsx';
import { useQuantity } from '../ui/use-quantity.ts';
import { guestFigures } from './guest-figures.ts';
import type { GuestOrder } from './guest-order.ts';
import { GuestStateMark } from './guest-state-mark.tsx';
import { StrataBars } from './strata-bars.tsx';
import { useGuestState } from './use-guest-state.ts';

/** Only a guest that changed is drawn again: all other properties are plain values that seldom change. */
export const GuestRow = memo(function Row({
  guest,
  current,
  tabbable,
  measure,
  hint,
  concerned,
  work,
  stale,
}: {
  guest: Guest;
  current: boolean;
  tabbable: boolean;
  measure: GuestOrder;
  /** The image by which a search found the guest. */
  hint: string | null;
  /** It depends on an image of the plan in view. */
  concerned: boolean;
  /** The state of the operations on it; `null` for none under way. */
  work: ShownState | null;
  /** Its host is not connected: this is what was last known. */
  stale: boolean;
}) {
  const t = useTranslations('fleet');
  const stateText = useGuestState();
  const quantity = useQuantity();
  const { depth, bytes, partial } = guestFigures(guest);
  const deep = depth >= DEEP;
  const job = guest.disks.find((disk) => disk.job)?.job ?? null;
  const quiet = guest.state === 'running' || guest.state === 'shutoff';
  return (
    <li className="[contain-intrinsic-size:auto_28px] [content-visibility:auto]">
      <Link
        href={entryAddress(guest)}
        variant="bare"
        data-guest={`${guest.hostId}/${guest.uuid}`}
        aria-current={current ? 'page' : undefined}
        tabIndex={tabbable ? 0 : -1}
        className={classNames(
          'grid min-h-7 grid-cols-[auto_minmax(0,1fr)_auto_auto] items-center gap-x-2 border-l-2 py-1 pr-4 pl-3.5 -outline-offset-2',
          current
            ? 'border-accent bg-hover'
            : concerned
              ? 'border-warn bg-hover'
              : 'border-transparent hover:bg-hover',
        )}
      >
        <GuestStateMark guest={guest} />
        <span className={classNames('truncate', stale && 'text-muted italic')}>
          {guest.name}
          <span className={quiet ? 'sr-only' : guest.ioError ? 'text-bad' : 'text-muted'}>
            {' '}
            {stateText(guest)}
          </span>
          {concerned && !current && <span className="text-warn"> {t('concerned')}</span>}
          {work === 'queued' || work === 'paused' || work === 'unreachable' ? (
            <span className={work === 'queued' ? 'text-muted' : 'text-warn'}>
              {' '}
              {t('work', { state: work })}
            </span>
          ) : (
            job && <span className="text-accent"> {t('job', { kind: job.kind })}</span>
          )}
        </span>
        <StrataBars depth={depth} />
        <span
          className={classNames(
            'text-right',
            measure === 'bytes' ? 'min-w-14' : 'min-w-5',
            deep && measure !== 'bytes' ? 'font-semibold text-warn' : 'text-muted',
          )}
        >
          {measure === 'bytes' ? (
            bytes === null ? (
              '–'
            ) : (
              quantity.sum(bytes, partial)
            )
          ) : (
            <>
              <span aria-hidden>{depth || '–'}</span>
              <span className="sr-only">{deep ? t('deep', { depth }) : t('depthOf', { depth })}</span>
            </>
          )}
        </span>
        {hint !== null && (
          <span className="col-start-2 col-end-5 truncate text-left text-2xs text-muted" dir="rtl">
            <bdi>{hint}</bdi>
          </span>
        )}
      </Link>
    </li>
  );
});
