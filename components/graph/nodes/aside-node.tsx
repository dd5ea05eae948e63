import type { Node, NodeProps } from '@xyflow/react';
import { imageName } from '../../../model/fleet/image.ts';
import type { ImageFacts } from '../../chain/facts.ts';
import { States } from '../../chain/states.tsx';
import { stratumColor } from '../../chain/strata.ts';
import { useImageTexts } from '../../chain/use-image-texts.ts';
import { FileName } from './file-name.tsx';
import { Flags } from './flags.tsx';
import { NodeFrame } from './node-frame.tsx';
import { Stripe } from './stripe.tsx';

export type AsideNodeType = Node<{ facts: ImageFacts; target: string }, 'aside'>;

/** An image of a branch: it can be reached and read like those of the chain, but not picked. */
export function AsideNode({ id, data: { facts, target } }: NodeProps<AsideNodeType>) {
  const texts = useImageTexts(target);
  const { image, spoils } = facts;
  const color = image.missing ? 'var(--bad)' : stratumColor(facts.position, facts.depth);
  const states = texts.states(facts);
  const border = image.missing ? 'border-bad' : spoils ? 'border-warn' : 'border-line-strong';
  return (
    <>
      <NodeFrame id={id} label={texts.sentence(facts)} className={`border-dashed ${border}`}>
        <span className="flex self-stretch opacity-45 group-data-[speck=true]/graph:w-full">
          <Stripe color={color} hollow={image.missing} />
        </span>
        <span className="flex min-w-0 flex-1 flex-col justify-center px-2.5 group-data-[speck=true]/graph:hidden">
          <FileName name={imageName(image)} className="text-muted" />
          <span className="truncate text-2xs/[14px] text-muted group-data-[far=true]/graph:hidden">
            {texts.size(image)}
          </span>
          {states.length > 0 && (
            <span className="flex group-data-[far=true]/graph:hidden">
              <States states={states} />
            </span>
          )}
        </span>
      </NodeFrame>
      <Flags flags={facts.flags} />
    </>
  );
}
