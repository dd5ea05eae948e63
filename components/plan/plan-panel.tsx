'use client';

import { useTranslations } from 'next-intl';
import { activeOf } from '../../model/chain.ts';
import type { Disk, Guest } from '../../model/guest.ts';
import type { Host } from '../../model/host.ts';
import { imageName } from '../../model/image.ts';
import type { Operation } from '../../model/operation.ts';
import { problemOf } from '../live/problem-of.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { Button } from '../ui/button.tsx';
import { DiskDetails } from './disk-details.tsx';
import { ImageDetails } from './image-details.tsx';
import { PlanView } from './plan-view.tsx';
import { shortened } from './shortened.ts';
import { usePlan } from './use-plan.ts';

export interface PlanPanelProps {
  host: Host;
  guest: Guest;
  disk: Disk;
  /** Key of the image to flatten toward; `null` for no base left, `undefined` for nothing picked. */
  base: string | null | undefined;
  onStarted: (operation: Operation) => void;
  /** Picks no base left. */
  onCompletely: () => void;
}

/** The details of the disk or, once a base is picked, the plan of the flatten toward it. */
export function PlanPanel({ host, guest, disk, base, onStarted, onCompletely }: PlanPanelProps) {
  const t = useTranslations('plan');
  const { chain } = disk;
  if (chain === null || chain.images.length === 0) {
    return (
      <div className="p-4">
        <h2 className="text-lg font-semibold">{t('diskTitle', { target: disk.target })}</h2>
        <p className="mt-2 text-muted">{t('noChain')}</p>
      </div>
    );
  }
  const image = chain.images.find(({ key }) => key === base) ?? null;
  const active = activeOf(chain);
  const isOfActive = image !== null && image === active;
  return (
    <div className="flex flex-col gap-5 p-4">
      {base === undefined || (base !== null && image === null) ? (
        <div>
          <DiskDetails guest={guest} disk={disk} chain={chain} />
          {typeof base === 'string' && (
            <ProblemNote
              className="mt-4"
              role="status"
              problem={{ code: 'BASE_NOT_IN_CHAIN', params: { base } }}
            />
          )}
        </div>
      ) : isOfActive ? (
        <div>
          <h2 className="text-lg font-semibold wrap-anywhere">{imageName(image)}</h2>
          <p className="mt-1 text-muted">{t('activeIsNoBase')}</p>
        </div>
      ) : (
        <Planned
          key={`${guest.uuid}/${disk.target}/${base}`}
          host={host}
          guest={guest}
          disk={disk}
          base={base}
          name={image ? shortened(imageName(image)) : null}
          onStarted={onStarted}
          onCompletely={onCompletely}
        />
      )}
      {image && (
        <details open={isOfActive} className="border-t border-line pt-3">
          <summary className="mb-2 text-2xs text-muted">
            {t('about', { image: shortened(imageName(image)) })}
          </summary>
          <ImageDetails image={image} guest={guest} target={disk.target} />
        </details>
      )}
    </div>
  );
}

function Planned({
  host,
  guest,
  disk,
  base,
  name,
  onStarted,
  onCompletely,
}: {
  host: Host;
  guest: Guest;
  disk: Disk;
  base: string | null;
  name: string | null;
  onStarted: (operation: Operation) => void;
  onCompletely: () => void;
}) {
  const t = useTranslations('plan');
  const plan = usePlan(host, guest, disk, base);
  const { target } = disk;
  const blocked =
    host.state !== 'connected'
      ? t('notConnected', { host: host.name })
      : plan.isFetching
        ? t('planning')
        : plan.isError
          ? t('planFirst')
          : null;
  return (
    <section aria-labelledby="plan-title">
      <h2 id="plan-title" className="mb-4 text-lg font-semibold wrap-anywhere">
        {name === null ? t('titleAll', { target }) : t('title', { target, base: name })}
      </h2>
      {plan.isError && (
        <div className="mb-4 flex flex-col items-start gap-2">
          <ProblemNote role="alert" problem={problemOf(plan.error)} />
          <Button onClick={() => void plan.refetch()}>{t('planAgain')}</Button>
        </div>
      )}
      {plan.data && (
        <PlanView
          plan={plan.data}
          blocked={blocked}
          onStarted={onStarted}
          onRefused={() => void plan.refetch()}
          onCompletely={onCompletely}
        />
      )}
      {plan.isPending && (
        <p role="status" className="text-muted">
          {blocked}
        </p>
      )}
    </section>
  );
}
