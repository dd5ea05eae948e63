'use client';

import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { diskOf, type Guest } from '../../model/guest.ts';
import type { Host } from '../../model/host.ts';
import { isOver, type Operation, type Progress } from '../../model/operation.ts';
import type { ImageUser } from '../../model/sharing.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { Blank } from './blank.tsx';
import { ChainHeader } from './chain-header.tsx';
import { LoadingChain } from './loading-chain.tsx';
import { sceneOf } from './scene.ts';
import { useFlowFigures } from './use-flow-figures.ts';

const Canvas = dynamic(() => import('./canvas.tsx'), { ssr: false, loading: LoadingChain });

export interface GuestDiskProps {
  host: Host;
  guest: Guest;
  target: string;
  /** Who uses each image of the host, by image key. */
  users: ReadonlyMap<string, readonly ImageUser[]>;
  /** Key of the image picked as the base; `null` for no base left, `undefined` for nothing picked. */
  selected: string | null | undefined;
  onSelect: (key: string | null | undefined) => void;
  /** The newest operation on this disk. */
  operation: Operation | null;
  progress: Progress | null;
  /** The plan's upper bound of the bytes that the active image receives, where there is a plan. */
  atMost?: number | null;
}

/** The backing chain of one disk as an interactive graph: what is now and, once a base is picked, what will be. */
export function GuestDisk(props: GuestDiskProps) {
  const t = useTranslations('graph');
  const { guest, target } = props;
  const disk = diskOf(guest, target);
  if (disk === null) return <Blank title={t('noDisk', { guest: guest.name, target })} />;
  if (disk.chain === null || disk.chain.images.length === 0) {
    return disk.problem ? (
      <Blank title={t('unreadable', { target })}>
        <ProblemNote problem={disk.problem} />
      </Blank>
    ) : (
      <Blank title={t('empty', { target })} text={t('emptyText')} />
    );
  }
  return <DrawnChain {...props} disk={disk} chain={disk.chain} />;
}

type Drawn = GuestDiskProps & Parameters<typeof ChainHeader>[0]['of'];

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
  atMost,
}: Drawn) {
  const t = useTranslations('graph');
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const under = operation !== null && !isOver(operation) ? operation : null;
  const picked = under ? under.plan.intent.base : selected;
  const base =
    picked !== null && picked !== undefined && !chain.images.some(({ key }) => key === picked)
      ? undefined
      : picked;
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
        operation: under,
        opened,
      }),
    [chain, disk, hostId, uuid, target, records, users, base, under, opened],
  );
  const most = under ? under.plan.cost.atMost : (atMost ?? null);
  const labels = useMemo(() => ({ target, uuid, atMost: most }), [target, uuid, most]);
  const figures = useFlowFigures(under, progress);
  return (
    <section
      className="flex h-full min-h-90 flex-col"
      aria-label={t('chainOf', { guest: guest.name, target })}
    >
      <ChainHeader
        of={{ disk, chain }}
        scene={scene}
        picked={base}
        busy={under !== null}
        opened={opened.size > 0}
        onPick={onSelect}
        onFold={() => setOpened(new Set())}
      />
      <div className="relative min-h-0 flex-1">
        <Canvas
          key={`${uuid}/${target}`}
          scene={scene}
          labels={labels}
          figures={figures}
          picked={base}
          onPick={onSelect}
          onUnfold={(keys) => setOpened((before) => new Set([...before, ...keys]))}
          label={t('graphLabel', { guest: guest.name, target })}
        />
      </div>
    </section>
  );
}
