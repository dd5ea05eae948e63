'use client';

import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { fingerprint } from '../../model/fleet/chain.ts';
import { growths } from '../../model/kinds/step-cost.ts';
import type { Progress } from '../../model/operation/operation.ts';
import { ChainHeader } from '../chain/chain-header.tsx';
import type { ChainInView } from '../chain/chain-in-view.ts';
import { useChainFacts } from '../chain/use-chain-facts.ts';
import { useFlowFigures } from './edges/use-flow-figures.ts';
import { sceneOf } from './layout/scene.ts';
import { LoadingChain } from './loading-chain.tsx';

const Canvas = dynamic(() => import('./canvas.tsx'), { ssr: false, loading: LoadingChain });

/** The backing chain of one disk as an interactive graph: the current chain and, once a base is picked, the chain afterwards. */
export function GuestDisk({ progress, ...view }: ChainInView & { progress: Progress | null }) {
  const { guest, disk, chain, onSelect, plan } = view;
  const { target } = disk;
  const t = useTranslations('graph');
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const { input, under, base } = useChainFacts(view);
  const scene = useMemo(() => sceneOf({ ...input, base, opened }), [input, base, opened]);
  const shown = under?.plan ?? plan;
  const labels = useMemo(
    () => ({ target, uuid: guest.uuid, growths: shown === null ? new Map() : growths(shown) }),
    [target, guest.uuid, shown],
  );
  const figures = useFlowFigures(under, progress);
  return (
    <section
      className="flex h-full min-h-90 flex-col"
      aria-label={t('chainOf', { guest: guest.name, target })}
    >
      <ChainHeader
        of={{ disk, chain }}
        odd={scene.odd}
        drawn
        picked={base}
        busy={under !== null}
        onPick={onSelect}
        onFold={opened.size > 0 ? () => setOpened(new Set()) : undefined}
      />
      <div className="relative min-h-0 flex-1">
        <Canvas
          scene={scene}
          labels={labels}
          figures={figures}
          picked={base}
          onPick={onSelect}
          onUnfold={(keys) => setOpened((before) => new Set([...before, ...keys]))}
          chain={fingerprint(chain)}
          unfolded={opened.size > 0}
          label={t('graphLabel', { guest: guest.name, target })}
        />
      </div>
    </section>
  );
}
