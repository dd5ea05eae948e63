import { useTranslations } from 'next-intl';
import type { Plan } from '../../model/kinds/plan.ts';
import { isFinal } from '../../model/kinds/step-work.ts';
import { useCancelTexts, useStepTexts } from '../operations/step-texts.ts';

/** What will be done, in order; what a cancel leaves while each step runs, and where the way back ends. */
export function Steps({ plan }: { plan: Plan }) {
  const t = useTranslations('plan');
  const texts = useStepTexts();
  const cancelled = useCancelTexts();
  const last = plan.steps.findIndex(isFinal);
  return (
    <section aria-label={t('steps')}>
      <h3 className="mb-1 text-2xs text-muted">{t('steps')}</h3>
      <ol className="flex flex-col gap-2">
        {plan.steps.map((step, i) => (
          <li key={JSON.stringify(step)} className="flex gap-2.5">
            <span className="text-muted">{i + 1}</span>
            <div className="min-w-0 wrap-anywhere">
              <p>{texts(plan, step)}</p>
              <p className="mt-0.5 text-2xs text-muted">{cancelled(step)}</p>
              {i === last && <p className="mt-0.5 text-2xs text-muted">{t('irreversible')}</p>}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
