import type { Node, NodeProps } from '@xyflow/react';
import { useTranslations } from 'next-intl';
import { imageName } from '../../../model/fleet/image.ts';
import { stratumColor } from '../../chain/strata.ts';
import { useQuantity } from '../../ui/use-quantity.ts';
import type { Fold } from '../layout/item.ts';
import { FileName } from './file-name.tsx';
import { Flags } from './flags.tsx';
import { allocatedIn } from './fold-node.tsx';
import { Stripe } from './stripe.tsx';

export type LeftoverNodeType = Node<{ fold: Fold }, 'leftover'>;

/** Images that have merged: the guest no longer reads them, but their files still exist. */
export function LeftoverNode({ data: { fold } }: NodeProps<LeftoverNodeType>) {
  const t = useTranslations('graph');
  const { bytes } = useQuantity();
  const [first] = fold.members;
  if (first === undefined) return null;
  const count = fold.members.length;
  const total = allocatedIn(fold);
  const users = Math.max(...fold.members.map(({ others }) => others.length));
  const size = total === null ? null : bytes(total);
  const gone = fold.members.every(({ image }) => image.missing);
  const needed = fold.members.some((member) => member.needed);
  const usage = gone
    ? t('missing')
    : users > 0
      ? t('stillUsed', { count: users })
      : t(needed ? 'needed' : 'unused');
  return (
    <>
      <div className="flex size-full overflow-hidden rounded-lg border border-line border-dashed">
        <span className="flex self-stretch opacity-45 group-data-[speck=true]/graph:w-full">
          <Stripe color={stratumColor(first.position, first.depth)} />
        </span>
        <span className="flex min-w-0 flex-1 flex-col justify-center px-2.5 group-data-[speck=true]/graph:hidden">
          {count === 1 ? (
            <FileName name={imageName(first.image)} className="text-muted" />
          ) : (
            <span className="whitespace-nowrap text-muted group-data-[far=true]/graph:text-[20px]/[24px]">
              {t('layers', { count })}
            </span>
          )}
          <span className="flex flex-wrap gap-x-1 text-2xs/[14px] text-muted group-data-[far=true]/graph:hidden">
            <span>{usage}</span>
            {size !== null && <span className="whitespace-nowrap">· {size}</span>}
          </span>
        </span>
      </div>
      <Flags flags={fold.flags} />
    </>
  );
}
