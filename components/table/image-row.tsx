import { useTranslations } from 'next-intl';
import { imageName } from '../../model/fleet/image.ts';
import { isLost } from '../../model/fleet/record-state.ts';
import { BranchShape } from '../chain/shapes.tsx';
import { States } from '../chain/states.tsx';
import { stratumColor } from '../chain/strata.ts';
import { useImageTexts } from '../chain/use-image-texts.ts';
import { Button } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { useQuantity } from '../ui/use-quantity.ts';
import type { ImageRowOf } from './rows.ts';

/** One image of the chain or of a branch. */
export function ImageRow({
  row: { id, level, facts, open },
  target,
  picked,
  current,
  onFocus,
  onPick,
  onToggle,
}: {
  row: ImageRowOf;
  target: string;
  picked: boolean;
  current: boolean;
  onFocus: () => void;
  /** `undefined` for what can't be picked. */
  onPick: (() => void) | undefined;
  onToggle: () => void;
}) {
  const t = useTranslations('table');
  const snapshots = useTranslations('snapshotStates');
  const texts = useImageTexts(target);
  const { bytes } = useQuantity();
  const { image, outcome, others, flags } = facts;
  const states = texts.states(facts).filter(({ kind }) => kind !== 'shared');
  const place = texts.place(facts);
  return (
    <tr
      data-row={id}
      aria-level={level}
      aria-selected={onPick === undefined ? undefined : picked}
      aria-expanded={open ?? undefined}
      tabIndex={current ? 0 : -1}
      onFocus={onFocus}
      onClick={onPick}
      className={classNames(
        '*:border-b *:border-line *:py-1.5 *:pr-4 focus-visible:-outline-offset-2',
        onPick === undefined
          ? 'text-muted'
          : classNames('cursor-pointer', picked ? 'bg-selected' : 'hover:bg-hover'),
        outcome === 'merges' && 'hatched',
      )}
    >
      <td className="max-w-72">
        <span className="flex items-center gap-2.5" style={{ paddingLeft: (level - 1) * INDENT }}>
          {level > 1 && <BranchShape />}
          <span
            aria-hidden="true"
            className={classNames('h-4 w-2 shrink-0 rounded-[2px]', onPick === undefined && 'opacity-45')}
            style={{
              background: image.missing ? undefined : stratumColor(facts.position, facts.depth),
              border: image.missing ? '1px dashed var(--bad)' : undefined,
            }}
          />
          <span className={classNames('truncate', onPick !== undefined && 'font-medium')} title={image.key}>
            {imageName(image)}
          </span>
        </span>
      </td>
      <td className="text-muted">{[texts.format(image), texts.index(image)].filter(Boolean).join(' · ')}</td>
      <td className="text-right">{image.allocated === null ? t('unknown') : bytes(image.allocated)}</td>
      <td className="text-right text-muted">
        {image.virtualSize === null ? t('unknown') : bytes(image.virtualSize)}
      </td>
      <td>
        <span className="flex items-center gap-2">
          {place && <span className="text-2xs">{place}</span>}
          <States states={states} />
        </span>
      </td>
      <td className="max-w-48 truncate text-2xs">
        {flags.map(({ name, state }) => (
          <span key={name} className={classNames('mr-2', isLost(state) && 'text-warn')}>
            {state === 'good' ? name : t('recordIn', { name, state: snapshots('label', { state }) })}
          </span>
        ))}
      </td>
      <td className="text-2xs">
        {others.length > 0 && (
          <Button
            variant="bare"
            tabIndex={-1}
            aria-hidden="true"
            onClick={(event) => {
              event.stopPropagation();
              onToggle();
            }}
            className="rounded-md px-1 hover:bg-hover"
          >
            {open ? '▾' : '▸'} {t('others', { count: others.length })}
          </Button>
        )}
      </td>
    </tr>
  );
}

/** Pixels by which a branch is further in than what it is backed by. */
const INDENT = 18;
