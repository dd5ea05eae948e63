import { MiniMap, type MiniMapNodeProps } from '@xyflow/react';
import { useTranslations } from 'next-intl';
import { createContext, use } from 'react';
import { stratumColor } from '../../chain/strata.ts';
import type { GraphNode } from './elements.ts';

const SIZE = { width: 300, height: 44 } as const;
/** The least share of the map's height: at its true height, a long chain would be too thin to see. */
const BAND = 0.5;

/** The chain as it is now as one band of strata, with the part that is in view. */
export function ChainMap({ width }: { width: number }) {
  const t = useTranslations('graph');
  return (
    <BandHeight value={(width / SIZE.width) * SIZE.height * BAND}>
      <MiniMap<GraphNode>
        pannable
        position="bottom-center"
        ariaLabel={t('minimap')}
        style={SIZE}
        className="rounded-md border border-line max-sm:hidden"
        nodeColor={colorOf}
        nodeComponent={Stratum}
        offsetScale={1}
      />
    </BandHeight>
  );
}

/** How tall a stratum is at least, in the graph's units. */
const BandHeight = createContext(0);

function Stratum({ x, y, width, height, color }: MiniMapNodeProps) {
  const tall = Math.max(height, use(BandHeight));
  return <rect x={x} y={y + height / 2 - tall / 2} width={width} height={tall} fill={color} />;
}

/** The chain afterwards, branches and other disks are left out. */
function colorOf(node: GraphNode): string {
  if (node.type === 'image') return stratumColor(node.data.facts.position, node.data.facts.depth);
  if (node.type !== 'fold' || node.data.row !== 'now') return 'transparent';
  const { members } = node.data.fold;
  const middle = members[Math.floor(members.length / 2)];
  return middle ? stratumColor(middle.position, middle.depth) : 'transparent';
}
