import type { Node, NodeProps } from '@xyflow/react';
import { useTranslations } from 'next-intl';
import { imageName } from '../../../model/fleet/image.ts';
import type { ImageCost } from '../../../model/plans/plan.ts';
import type { ImageFacts } from '../../chain/facts.ts';
import { stratumColor } from '../../chain/strata.ts';
import { useImageTexts } from '../../chain/use-image-texts.ts';
import { useEstimate } from '../../plan/use-estimate.ts';
import { Allocation } from './allocation.tsx';
import { FileName } from './file-name.tsx';
import { Flags } from './flags.tsx';
import { Stripe } from './stripe.tsx';

export type AfterNodeType = Node<{ facts: ImageFacts; target: string; growth: ImageCost | null }, 'after'>;

/** An image of the chain afterwards: unchanged, one that received the data of others, or a new one. */
export function AfterNode({ data: { facts, target, growth } }: NodeProps<AfterNodeType>) {
  const t = useTranslations('graph');
  const texts = useImageTexts(target);
  const estimate = useEstimate();
  const { image } = facts;
  const color = stratumColor(facts.position, facts.depth);
  const grows = facts.outcome === 'receives';
  return (
    <>
      <div className="flex size-full overflow-hidden rounded-lg border border-line bg-raised">
        <Stripe color={color} />
        <span className="flex min-w-0 flex-1 flex-col px-2.5 py-1.5 group-data-[speck=true]/graph:hidden">
          <FileName name={imageName(image)} className="font-semibold" />
          <span className="truncate text-2xs text-muted group-data-[far=true]/graph:hidden">
            {[texts.format(image), texts.place(facts)].filter(Boolean).join(' · ')}
          </span>
          <span className="mt-2 block group-data-[far=true]/graph:hidden">
            <Allocation
              image={image}
              color={color}
              growth={grows ? (growth?.predicted?.likely ?? growth?.atMost ?? 0) : 0}
            />
          </span>
          <span className="mt-1 truncate text-2xs text-muted group-data-[far=true]/graph:hidden">
            {texts.size(image)}
          </span>
          <span
            className={`mt-auto truncate text-2xs group-data-[far=true]/graph:whitespace-normal group-data-[far=true]/graph:text-[17px]/[24px] ${grows || facts.outcome === 'new' ? 'text-accent' : 'text-muted'}`}
          >
            {image.missing
              ? t('missing')
              : !grows
                ? t(facts.outcome === 'new' || facts.outcome === 'returns' ? facts.outcome : 'unchanged')
                : growth === null || growth.atMost === null
                  ? t('grows')
                  : t('growsBy', { size: estimate.size(growth) })}
          </span>
        </span>
      </div>
      <Flags flags={facts.flags} />
    </>
  );
}
