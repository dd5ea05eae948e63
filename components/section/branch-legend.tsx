import { useTranslations } from 'next-intl';
import { useId } from 'react';
import { imageName } from '../../model/fleet/image.ts';
import { isLost } from '../../model/fleet/record-state.ts';
import type { BranchFacts } from '../chain/facts.ts';
import { stratumColor } from '../chain/strata.ts';
import { useImageTexts } from '../chain/use-image-texts.ts';
import { classNames } from '../ui/class-names.ts';

/** So many images are named, the others are counted. */
const NAMED = 8;

/** The images of branches by name: the guest reads none of them, so they have no band. */
export function BranchLegend({ branches, target }: { branches: readonly BranchFacts[]; target: string }) {
  const t = useTranslations('section');
  const snapshots = useTranslations('snapshotStates');
  const texts = useImageTexts(target);
  const heading = useId();
  const images = branches.flatMap((branch) => branch.images);
  if (images.length === 0) return null;
  const rest = images.length - NAMED;
  const unsure = images.some(({ place }) => place === 'unplaced');
  return (
    <div className="flex flex-wrap gap-x-4 gap-y-1 px-[20px] pt-1 text-2xs text-muted">
      <span id={heading}>{t(unsure ? 'besideUnsure' : 'beside')}</span>
      <ul aria-labelledby={heading} className="contents">
        {images.slice(0, NAMED).map((facts) => (
          <li
            key={facts.image.key}
            title={texts.sentence(facts)}
            className="flex min-w-0 items-center gap-1.5"
          >
            <span
              aria-hidden="true"
              className="h-3 w-2 shrink-0 rounded-[2px] opacity-45"
              style={{
                background: facts.image.missing ? undefined : stratumColor(facts.position, facts.depth),
                border: facts.image.missing ? '1px dashed var(--bad)' : undefined,
              }}
            />
            <span className="truncate">{imageName(facts.image)}</span>
            {facts.flags.map(({ name, state }) => (
              <span key={name} className={classNames('whitespace-nowrap', isLost(state) && 'text-warn')}>
                {t('snapshotIn', { name, state: snapshots('label', { state }) })}
              </span>
            ))}
          </li>
        ))}
        {rest > 0 && <li>{t('moreBeside', { count: rest })}</li>}
      </ul>
    </div>
  );
}
