import { useTranslations } from 'next-intl';
import type { Chain } from '../../model/chain.ts';
import type { Disk } from '../../model/guest.ts';
import { classNames } from '../ui/class-names.ts';
import type { Scene } from './scene.ts';

/** Heads the row of what is now, with what can be done to the chain as a whole. */
export function ChainHeader({
  of: { disk, chain },
  scene,
  picked,
  busy,
  opened,
  onPick,
  onFold,
}: {
  of: { disk: Disk; chain: Chain };
  scene: Scene;
  picked: string | null | undefined;
  /** Whether one of our operations is under way here. */
  busy: boolean;
  opened: boolean;
  onPick: (key: null | undefined) => void;
  onFold: () => void;
}) {
  const t = useTranslations('graph');
  const depth = chain.images.length;
  return (
    <header className="flex flex-wrap items-baseline gap-x-3 gap-y-1 px-5 pt-2 text-2xs text-muted">
      <h2 className="font-medium text-text">{t('now', { count: depth })}</h2>
      <span>{depth === 1 ? t('oneImage') : t('arrowPoints')}</span>
      {disk.job && !busy && <span className="text-accent">{t('jobElsewhere', { job: disk.job.kind })}</span>}
      {scene.adrift.length > 0 && (
        <span className="text-warn" title={scene.adrift.join('\n')}>
          {t('adrift', { count: scene.adrift.length })}
        </span>
      )}
      <span className="ml-auto flex gap-1.5">
        {opened && (
          <button
            type="button"
            onClick={onFold}
            className="rounded-md border border-line px-2 py-0.5 hover:bg-hover hover:text-text"
          >
            {t('foldAgain')}
          </button>
        )}
        {depth > 1 && (
          <button
            type="button"
            aria-pressed={picked === null}
            disabled={busy}
            onClick={() => onPick(picked === null ? undefined : null)}
            className={classNames(
              'rounded-md border px-2 py-0.5 disabled:opacity-50',
              picked === null
                ? 'border-accent bg-selected text-text ring-1 ring-accent'
                : 'border-line enabled:hover:bg-hover enabled:hover:text-text',
            )}
          >
            {t('flattenCompletely')}
          </button>
        )}
      </span>
    </header>
  );
}
