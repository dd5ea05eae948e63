import { useTranslations } from 'next-intl';
import type { Plan } from '../../model/plan.ts';
import { useStepWords } from '../operations/step-words.ts';

/** What will be done, in order. */
export function Steps({ plan }: { plan: Plan }) {
  const t = useTranslations('plan');
  const words = useStepWords();
  return (
    <section aria-label={t('steps')}>
      <h3 className="mb-1 text-2xs text-muted">{t('steps')}</h3>
      <ol className="flex flex-col gap-1">
        {plan.steps.map((step, i) => (
          <li key={JSON.stringify(step)} className="flex gap-2.5 wrap-anywhere">
            <span className="text-muted">{i + 1}</span>
            <span>{words(plan, step)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
