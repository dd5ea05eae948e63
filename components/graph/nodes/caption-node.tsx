import type { Node, NodeProps } from '@xyflow/react';
import { useTranslations } from 'next-intl';

export type CaptionNodeType = Node<{ depth: number }, 'caption'>;

/** The heading of the chain afterwards. */
export function CaptionNode({ data: { depth } }: NodeProps<CaptionNodeType>) {
  const t = useTranslations('graph');
  return (
    <p className="text-2xs whitespace-nowrap text-muted group-data-[far=true]/graph:text-[17px]">
      <span className="font-medium text-text">{t('after', { count: depth })}</span>
      <span className="ml-3">{t('sameContent')}</span>
    </p>
  );
}
