import type { Node, NodeProps } from '@xyflow/react';
import { imageName } from '../../../model/fleet/image.ts';
import type { ImageFacts } from '../../chain/facts.ts';
import { States } from '../../chain/states.tsx';
import { stratumColor } from '../../chain/strata.ts';
import { useImageTexts } from '../../chain/use-image-texts.ts';
import { classNames } from '../../ui/class-names.ts';
import { Allocation } from './allocation.tsx';
import { FileName } from './file-name.tsx';
import { Flags } from './flags.tsx';
import { useGraphActions } from './graph-actions.ts';
import { NodeFrame } from './node-frame.tsx';
import { Stripe } from './stripe.tsx';

export type ImageNodeType = Node<{ facts: ImageFacts; target: string }, 'image'>;

/** One image of the chain as it is now. */
export function ImageNode({ id, data: { facts, target } }: NodeProps<ImageNodeType>) {
  const { picked, pick } = useGraphActions();
  const texts = useImageTexts(target);
  const { image, outcome } = facts;
  const color = stratumColor(facts.position, facts.depth);
  const isPicked = picked === image.key;
  return (
    <>
      <NodeFrame
        id={id}
        label={texts.sentence(facts)}
        pressed={isPicked}
        onPress={() => pick(image.key)}
        className={classNames(
          'bg-raised',
          isPicked
            ? 'border-accent ring-1 ring-accent'
            : image.missing
              ? 'border-bad border-dashed'
              : 'border-line',
          outcome === 'merges' && 'hatched group-data-[speck=true]/graph:opacity-50',
        )}
      >
        <Stripe color={image.missing ? 'var(--bad)' : color} hollow={image.missing} />
        <span className="flex min-w-0 flex-1 flex-col px-2.5 py-1.5 group-data-[speck=true]/graph:hidden">
          <FileName name={imageName(image)} className="font-semibold" />
          <span className="truncate text-2xs text-muted group-data-[far=true]/graph:hidden">
            {[texts.format(image), texts.index(image), texts.place(facts)].filter(Boolean).join(' · ')}
          </span>
          <span className="mt-2 block group-data-[far=true]/graph:hidden">
            <Allocation image={image} color={color} />
          </span>
          <span className="mt-1 truncate text-2xs text-muted group-data-[far=true]/graph:hidden">
            {texts.size(image)}
          </span>
          <States states={texts.states(facts)} />
        </span>
      </NodeFrame>
      <Flags flags={facts.flags} />
    </>
  );
}
