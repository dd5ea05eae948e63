'use client';

import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { type Chain, fingerprint } from '../../model/chain.ts';
import { growths } from '../../model/growth.ts';
import { type Disk, diskOf } from '../../model/guest.ts';
import type { Progress } from '../../model/operation.ts';
import { ChainHeader } from './chain-header.tsx';
import type { DiskInView } from './disk-in-view.ts';
import { LoadingChain } from './loading-chain.tsx';
import { NoChain } from './no-chain.tsx';
import { baseUnder, underWay, validBase } from './picked.ts';
import { sceneOf } from './scene.ts';
import { useFlowFigures } from './use-flow-figures.ts';

const Canvas = dynamic(() => import('./canvas.tsx'), { ssr: false, loading: LoadingChain });

export interface GuestDiskProps extends DiskInView {
  readonly progress: Progress | null;
}

/** The backing chain of one disk as an interactive graph: what is now and, once a base is picked, what will be. */
export function GuestDisk(props: GuestDiskProps) {
  const disk = diskOf(props.guest, props.target);
  if (disk === null || disk.chain === null || disk.chain.images.length === 0) {
    return <NoChain guest={props.guest} target={props.target} disk={disk} />;
  }
  return <DrawnChain key={`${props.guest.uuid}/${disk.target}`} {...props} disk={disk} chain={disk.chain} />;
}

type Drawn = GuestDiskProps & { disk: Disk; chain: Chain };

function DrawnChain({
  guest,
  disk,
  chain,
  target,
  users,
  selected,
  onSelect,
  operation,
  progress,
  plan,
}: Drawn) {
  const t = useTranslations('graph');
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const under = underWay(operation);
  const base = validBase(chain, under ? baseUnder(under) : selected);
  const { hostId, uuid, records } = guest;
  const scene = useMemo(
    () =>
      sceneOf({
        chain,
        disk,
        ref: { hostId, uuid, target },
        records,
        users,
        base,
        plan: under?.plan ?? plan,
        operation: under,
        opened,
      }),
    [chain, disk, hostId, uuid, target, records, users, base, plan, under, opened],
  );
  const shown = under?.plan ?? plan;
  const labels = useMemo(
    () => ({ target, uuid, growths: shown === null ? new Map() : growths(shown) }),
    [target, uuid, shown],
  );
  const figures = useFlowFigures(under, progress);
  return (
    <section
      className="flex h-full min-h-90 flex-col"
      aria-label={t('chainOf', { guest: guest.name, target })}
    >
      <ChainHeader
        of={{ disk, chain }}
        stale={scene.stale}
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
