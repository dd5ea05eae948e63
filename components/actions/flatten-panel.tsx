'use client';

import { useTranslations } from 'next-intl';
import { activeOf } from '../../model/fleet/chain.ts';
import { imageName } from '../../model/fleet/image.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import { DiskDetails } from '../plan/disk-details.tsx';
import { ImageDetails } from '../plan/image-details.tsx';
import { shortened } from '../plan/shortened.ts';
import { useNames } from '../plan/use-names.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { FLATTEN } from './flatten.ts';
import { PlannedForm, type PlannedFormProps } from './planned-form.tsx';

/** The details of the disk or, once a base is picked, the plan of the flatten toward it. */
export function FlattenPanel(props: PlannedFormProps) {
  const t = useTranslations('plan');
  const { guest, disk, picked } = props.at;
  const { chain } = disk;
  if (chain === null || chain.images.length === 0) {
    return (
      <div className="p-4">
        <h2 className="text-lg font-semibold">{t('diskTitle', { target: disk.target })}</h2>
        <p className="mt-2 text-muted">{t('noChain')}</p>
      </div>
    );
  }
  const image = chain.images.find(({ key }) => key === picked) ?? null;
  const isOfActive = image !== null && image === activeOf(chain);
  return (
    <div className="flex flex-col gap-5 p-4">
      {picked === undefined || (picked !== null && image === null) ? (
        <div>
          <DiskDetails guest={guest} disk={disk} chain={chain} />
          {typeof picked === 'string' && (
            <ProblemNote
              className="mt-4"
              role="status"
              problem={{ code: 'BASE_NOT_IN_CHAIN', params: { base: picked } }}
            />
          )}
        </div>
      ) : isOfActive ? (
        <div>
          <h2 className="text-lg font-semibold wrap-anywhere">{imageName(image)}</h2>
          <p className="mt-1 text-muted">{t('activeIsNoBase')}</p>
        </div>
      ) : (
        <Flatten
          key={`${guest.uuid}/${disk.target}/${picked}`}
          {...props}
          base={image ? shortened(imageName(image)) : null}
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

function Flatten({
  base,
  ...request
}: PlannedFormProps & {
  /** Name of the image that stays; `null` if none does. */
  base: string | null;
}) {
  const t = useTranslations('plan');
  const { target } = request.at.disk;
  const plan = request.plan.data;
  return (
    <section aria-labelledby="plan-title" className="flex flex-col gap-4">
      <div>
        <h2 id="plan-title" className="text-lg font-semibold wrap-anywhere">
          {base === null ? t('titleAll', { target }) : t('title', { target, base })}
        </h2>
        {plan && plan.refusals.length === 0 && <Summary plan={plan} />}
      </div>
      <PlannedForm form={FLATTEN} {...request} />
    </section>
  );
}

function Summary({ plan }: { plan: Plan }) {
  const t = useTranslations('plan');
  const names = useNames(plan);
  const count = plan.disks[0]?.merged.length ?? 0;
  return (
    <p className="mt-1 text-muted wrap-anywhere">
      {names.base === null
        ? t('mergeAll', { merged: names.merged, active: names.active, count })
        : t('mergeToward', { merged: names.merged, base: names.base, count })}
    </p>
  );
}
