'use client';

import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { historyAddress } from '../address/history.ts';
import { useStreamState } from '../live/stream.tsx';
import { useUnfinishedOperations } from '../live/use-operations.ts';
import { classNames } from '../ui/class-names.ts';
import { Link } from '../ui/link.tsx';
import { useKeptFocus } from '../ui/use-kept-focus.ts';
import { useShownState } from './shown-state.ts';

// Most of the time nothing is under way. What waits for the code is the row alone, not the page around it. The server draws
// no row: by the time the code is there, the stream has reported progress that the server did not know.
const DrawerRow = dynamic(() => import('./drawer-row.tsx').then((module) => module.DrawerRow), {
  ssr: false,
  loading: () => <li className="min-h-8" />,
});

/** The operations under way, at the foot of every page. */
export function Drawer() {
  const t = useTranslations('operations');
  const operations = useUnfinishedOperations();
  const isOld = useStreamState() === 'reconnecting';
  const part = useKeptFocus<HTMLElement>(operations.map(({ id }) => id).join(' '));
  const found = operations.map(useShownState());
  const count = (shown: string) =>
    found.filter((state) => (state === 'cancelling' ? 'running' : state) === shown).length;
  const [running, paused, unreachable, queued] = [
    count('running'),
    count('paused'),
    count('unreachable'),
    count('queued'),
  ];
  const counts = [
    ...(running > 0 ? [t('countRunning', { count: running })] : []),
    ...(paused > 0 ? [t('countPaused', { count: paused })] : []),
    ...(unreachable > 0 ? [t('countUnreachable', { count: unreachable })] : []),
    ...(queued > 0 ? [t('countQueued', { count: queued })] : []),
  ];
  return (
    <section
      ref={part}
      tabIndex={-1}
      aria-label={t('under')}
      className="flex min-h-0 gap-x-5 -outline-offset-2 gap-y-1 border-t border-line bg-panel px-4 py-1.5 max-md:flex-col"
    >
      <div className="flex min-h-8 shrink-0 items-center gap-4 md:h-8">
        <h2 className={operations.length === 0 ? 'text-muted' : 'font-semibold'}>
          {operations.length === 0 ? t('none') : counts.join(', ')}
        </h2>
        {isOld && operations.length > 0 && (
          <span role="status" className="text-warn">
            {t('asLastHeard')}
          </span>
        )}
        {operations.length === 0 && (
          <Link href={historyAddress()} variant="quiet">
            {t('history')}
          </Link>
        )}
      </div>
      {operations.length > 0 && (
        <ul
          className={classNames(
            'max-h-32 min-w-0 flex-1 overflow-y-auto max-md:max-h-28 max-md:space-y-2',
            isOld && 'opacity-60',
          )}
        >
          {operations.map((operation) => (
            <DrawerRow key={operation.id} operation={operation} />
          ))}
        </ul>
      )}
    </section>
  );
}
