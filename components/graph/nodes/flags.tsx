import { useTranslations } from 'next-intl';
import { isLost, RECORD_STATES } from '../../../model/fleet/record-state.ts';
import type { Flag } from '../../chain/facts.ts';

/** Snapshot records, below the image that they froze. The worst one is named. */
export function Flags({ flags }: { flags: readonly Flag[] }) {
  const t = useTranslations('graph');
  const snapshots = useTranslations('snapshotStates');
  const shown = flags.toSorted((a, b) => rank(a) - rank(b))[0];
  if (shown === undefined) return null;
  const lost = isLost(shown.state);
  const text = ({ name, state }: Flag) =>
    state === 'good' ? name : t('recordIn', { name, state: snapshots('label', { state }) });
  return (
    <span
      title={flags.map(text).join('\n')}
      className={`absolute top-full left-2 mt-1.5 flex max-w-[150px] items-center gap-1 border-l pl-1.5 text-2xs group-data-[far=true]/graph:hidden ${
        lost ? 'border-warn border-dashed text-warn' : 'border-line-strong text-muted'
      }`}
    >
      <FlagShape hollow={lost} />
      <span className="truncate">{shown.name}</span>
      {shown.state !== 'good' && (
        <span className="shrink-0">{snapshots('label', { state: shown.state })}</span>
      )}
      {flags.length > 1 && <span className="shrink-0">{t('more', { count: flags.length - 1 })}</span>}
    </span>
  );
}

const rank = ({ state }: Flag) => RECORD_STATES.indexOf(state);

function FlagShape({ hollow }: { hollow: boolean }) {
  return (
    <svg width="9" height="10" viewBox="0 0 9 10" aria-hidden="true" className="shrink-0">
      <path
        d="M1 .5V10M1 1H8L6.2 3.25 8 5.5H1"
        fill={hollow ? 'none' : 'currentColor'}
        stroke="currentColor"
        strokeDasharray={hollow ? '2 1' : undefined}
      />
    </svg>
  );
}
