import type { Node, NodeProps } from '@xyflow/react';
import { useTranslations } from 'next-intl';
import { imageName } from '../../../model/fleet/image.ts';
import { stratumColor } from '../../chain/strata.ts';
import { classNames } from '../../ui/class-names.ts';
import { useQuantity } from '../../ui/use-quantity.ts';
import type { Fold } from '../layout/item.ts';
import { useGraphActions } from './graph-actions.ts';
import { NodeFrame } from './node-frame.tsx';

export type FoldNodeType = Node<{ fold: Fold; row: 'now' | 'after' | 'aside' }, 'fold'>;

/** A run of unremarkable images as a stack of sheets that opens. */
export function FoldNode({ id, data: { fold, row } }: NodeProps<FoldNodeType>) {
  const t = useTranslations('graph');
  const { bytes } = useQuantity();
  const { unfold } = useGraphActions();
  const { members, outcome } = fold;
  const total = allocatedIn(fold);
  const [top, bottom] = [members[0], members.at(-1)];
  const names = { from: top ? imageName(top.image) : '', to: bottom ? imageName(bottom.image) : '' };
  const border = row === 'aside' ? 'border-line-strong' : 'border-line';
  const size = total === null ? t('sizeUnknown') : bytes(total);
  const content = (
    <>
      <Strata fold={fold} dim={row === 'aside'} />
      <span className="flex min-w-0 flex-1 flex-col px-2 py-1.5 group-data-[speck=true]/graph:hidden">
        <span className="font-semibold group-data-[far=true]/graph:text-[20px]/[24px]">
          {t('layers', { count: members.length })}
        </span>
        <span className="mt-auto truncate text-2xs text-muted group-data-[far=true]/graph:hidden">
          {size}
        </span>
        {outcome && (
          <span className="truncate text-2xs text-muted group-data-[far=true]/graph:text-[17px]/[24px]">
            {t(OUTCOME_TEXTS[outcome])}
          </span>
        )}
        {row !== 'after' && !outcome && (
          <span className="text-2xs text-muted group-data-[far=true]/graph:hidden">{t('unfold')}</span>
        )}
      </span>
    </>
  );
  if (row === 'after') {
    return (
      <div className="flex size-full overflow-hidden rounded-lg border border-line bg-raised">{content}</div>
    );
  }
  return (
    <NodeFrame
      id={id}
      expanded={false}
      label={t('foldLabel', { count: members.length, ...names, size, outcome: outcome ?? 'none' })}
      onPress={() => unfold(members.map(({ image }) => image.key))}
      className={classNames(
        row === 'aside' ? 'border-dashed text-muted' : 'border-double bg-raised',
        members.some(({ spoils }) => spoils) ? 'border-warn' : border,
        outcome === 'merges' && 'hatched',
      )}
    >
      {content}
    </NodeFrame>
  );
}

const OUTCOME_TEXTS = {
  merges: 'foldMerges',
  leaves: 'leaves',
  stays: 'foldStays',
  receives: 'receives',
  new: 'new',
  returns: 'returns',
} as const;

/** The colours of the folded layers, thin as in a core drilled through them: the topmost at the right. */
function Strata({ fold, dim }: { fold: Fold; dim: boolean }) {
  return (
    <span
      aria-hidden="true"
      className={classNames(
        'flex w-4 shrink-0 flex-row-reverse self-stretch group-data-[speck=true]/graph:w-full',
        dim && 'opacity-45',
      )}
    >
      {fold.members.map(({ image, position, depth }) => (
        <span key={image.key} className="flex-1" style={{ background: stratumColor(position, depth) }} />
      ))}
    </span>
  );
}

/** Bytes that the images of a fold take together; `null` where one is unknown. */
export function allocatedIn({ members }: Fold): number | null {
  return members.reduce<number | null>(
    (sum, { image }) => (sum === null || image.allocated === null ? null : sum + image.allocated),
    0,
  );
}
