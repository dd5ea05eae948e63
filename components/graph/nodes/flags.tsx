import { useTranslations } from 'next-intl';
import type { Flag } from '../../chain/facts.ts';

/** Snapshot records, below the image that they froze. */
export function Flags({ flags }: { flags: readonly Flag[] }) {
  const t = useTranslations('graph');
  const shown = flags.find(({ stale }) => stale) ?? flags[0];
  if (shown === undefined) return null;
  return (
    <span
      title={flags.map(({ name, stale }) => (stale ? t('recordStale', { name }) : name)).join('\n')}
      className={`absolute top-full left-2 mt-1.5 flex max-w-[150px] items-center gap-1 border-l pl-1.5 text-2xs group-data-[far=true]/graph:hidden ${
        shown.stale ? 'border-warn border-dashed text-warn' : 'border-line-strong text-muted'
      }`}
    >
      <FlagShape hollow={shown.stale} />
      <span className="truncate">{shown.name}</span>
      {shown.stale && <span className="shrink-0">{t('stale')}</span>}
      {flags.length > 1 && <span className="shrink-0">{t('more', { count: flags.length - 1 })}</span>}
    </span>
  );
}

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
