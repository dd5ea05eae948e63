import { useTranslations } from 'next-intl';
import type { Range } from '../../model/content/target-layout.ts';
import { movedBy } from '../../model/cost/prediction.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import { growths } from '../../model/kinds/step-cost.ts';
import { limitedTime } from '../../model/operation/throughput.ts';
import { useQuantity } from '../ui/use-quantity.ts';
import { Fact } from './fact.tsx';
import { shortened } from './shortened.ts';
import { upperBound } from './upper-bound.ts';
import { useEstimate } from './use-estimate.ts';

/** What is copied and what each image that is written grows by, against the free space; how long it takes, and what is freed later. */
export function FreeSpace({ plan, bandwidth }: { plan: Plan; bandwidth: number }) {
  const { cost } = plan;
  const { freed } = cost;
  const freeSpace = cost.freeSpace?.free ?? null;
  const reserve = cost.freeSpace?.reserve ?? 0;
  const t = useTranslations('plan');
  const { bytes } = useQuantity();
  const estimate = useEstimate();
  const [range, needed] = [estimate.range(cost), cost.predicted?.likely ?? cost.atMost];
  return (
    <div className="flex flex-col gap-1">
      <Fact term={t('moved')}>{estimate.moved(cost)}</Fact>
      {[...growths(plan)].map(([key, growth]) => (
        <Fact key={key} term={t('growth', { image: shortened(growth.into ?? key) })}>
          {estimate.size(growth)}
        </Fact>
      ))}
      <p className="text-2xs text-muted">
        {[range, estimate.basis(cost)].filter((text) => text !== null).join(' ')}
      </p>
      <Fact term={t('peak')}>{estimate.size(cost)}</Fact>
      <Fact term={t('upperBound')}>{estimate.atMost(upperBound(cost))}</Fact>
      <Fact term={t('freeSpace')}>
        {freeSpace === null ? t('unknown') : t('free', { size: bytes(freeSpace) })}
      </Fact>
      {freeSpace !== null && reserve > 0 && <Fact term={t('reserve')}>{bytes(reserve)}</Fact>}
      {needed !== null && freeSpace !== null && (
        <Filled needed={needed} most={upperBound(cost) ?? needed} freeSpace={freeSpace} reserve={reserve} />
      )}
      <Expected plan={plan} bandwidth={bandwidth} />
      {freed != null && freed > 0 && <Fact term={t('freed')}>{bytes(freed)}</Fact>}
    </div>
  );
}

/** How much of the free space it takes. */
function Filled({
  needed,
  most,
  freeSpace,
  reserve,
}: {
  needed: number;
  most: number;
  freeSpace: number;
  reserve: number;
}) {
  const t = useTranslations('plan');
  const { bytes } = useQuantity();
  const tight = most > freeSpace - reserve;
  return (
    <>
      <span aria-hidden="true" className="block h-1.5 overflow-hidden rounded-full bg-line">
        <span
          className={`block h-full rounded-full ${tight ? 'bg-bad' : 'bg-accent'}`}
          style={{
            width: `${freeSpace === 0 ? 100 : Math.min(needed / freeSpace, 1) * 100}%`,
            minWidth: needed > 0 ? 3 : 0,
          }}
        />
      </span>
      {freeSpace > 0 && (
        <p className={`text-2xs ${tight ? 'text-bad' : 'text-muted'}`}>
          {tight
            ? t('tooMuch', { size: bytes(most - Math.max(0, freeSpace - reserve)) })
            : t(needed / freeSpace < 0.01 ? 'fillsLittle' : 'fills', { share: needed / freeSpace })}
        </p>
      )}
    </>
  );
}

function Expected({ plan: { cost, steps }, bandwidth }: { plan: Plan; bandwidth: number }) {
  const t = useTranslations('plan');
  const { duration } = useQuantity();
  const { predicted, time } = cost;
  if (time === undefined) return null;
  const hosts = new Set(steps.map(({ hostId }) => hostId)).size;
  if (time === null) {
    return (
      <>
        <Fact term={t('time')}>{t('unknown')}</Fact>
        <p className="text-2xs text-muted">{t('timeUnknown', { hosts })}</p>
      </>
    );
  }
  const limited = (part: keyof Range) =>
    duration(
      limitedTime(
        time[part],
        Math.max(predicted?.limited ?? 0, predicted ? movedBy(predicted)[part] : 0),
        bandwidth,
      ),
    );
  const [least, likely, most] = [limited('least'), limited('likely'), limited('most')];
  return (
    <>
      <Fact term={t('time')}>{t('timeAbout', { time: likely })}</Fact>
      {least !== most && <p className="text-2xs text-muted">{t('timeRange', { least, most })}</p>}
    </>
  );
}
