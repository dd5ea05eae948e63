import { useTranslations } from 'next-intl';
import type { Chain } from '../../model/fleet/chain.ts';
import type { Disk } from '../../model/fleet/disk.ts';
import { isLost, RECORD_STATES } from '../../model/fleet/record-state.ts';
import type { Picked } from '../address/picked.ts';
import { Button } from '../ui/button.tsx';
import type { Flag } from './facts.ts';
import { jobText } from './job-text.ts';

/** The heading above the current chain, with the actions on the whole chain. */
export function ChainHeader({
  of: { disk, chain },
  odd,
  drawn = false,
  picked,
  busy,
  onPick,
  onFold,
}: {
  of: { disk: Disk; chain: Chain };
  /** The snapshots that are not good. */
  odd: readonly Flag[];
  /** Whether the chain below is drawn, with arrows. */
  drawn?: boolean;
  picked: Picked;
  /** Whether an operation of this dashboard is under way on the disk. */
  busy: boolean;
  onPick: (key: null | undefined) => void;
  /** Folds again what is unfolded; absent if nothing is. */
  onFold?: (() => void) | undefined;
}) {
  const t = useTranslations('graph');
  const snapshots = useTranslations('snapshotStates');
  const depth = chain.images.length;
  return (
    <header className="flex flex-wrap items-baseline gap-x-3 gap-y-1 px-[20px] pt-2 text-2xs text-muted">
      <h2 className="font-medium text-text">{t('now', { count: depth })}</h2>
      {drawn && depth > 1 && <span>{t('arrowPoints')}</span>}
      {depth === 1 && disk.problem === null && <span>{t('oneImage')}</span>}
      {disk.job && !busy && (
        <span className="text-accent">{t('jobElsewhere', { job: jobText(disk.job.kind) })}</span>
      )}
      {RECORD_STATES.map((state) => {
        const names = odd.filter((one) => one.state === state).map(({ name }) => name);
        return (
          names.length > 0 && (
            <span key={state} className={isLost(state) ? 'text-warn' : undefined} title={names.join('\n')}>
              {snapshots('counted', { state, count: names.length })}
            </span>
          )
        );
      })}
      <span className="ml-auto flex gap-1.5">
        {onFold && (
          <Button variant="small" onClick={onFold}>
            {t('foldAgain')}
          </Button>
        )}
        {depth > 1 && (
          <Button
            variant="small"
            aria-pressed={picked === null}
            disabled={busy}
            onClick={() => onPick(picked === null ? undefined : null)}
          >
            {t('flattenCompletely')}
          </Button>
        )}
      </span>
    </header>
  );
}
