import { useTranslations } from 'next-intl';
import type { Plan } from '../../model/kinds/plan.ts';
import { Button } from '../ui/button.tsx';
import { Problems } from './problems.tsx';
import { useNames } from './use-names.ts';

/** Why a plan can't be started. That there is nothing to flatten is no fault: a flatten toward this base leads there. */
export function Refused({ plan, onCompletely }: { plan: Plan; onCompletely: (() => void) | undefined }) {
  const t = useTranslations('plan');
  const { base, active } = useNames(plan);
  const codes = new Set(plan.refusals.map(({ code }) => code));
  if (codes.has('ONLY_IMAGE') || (codes.has('NOTHING_TO_MERGE') && base !== null)) {
    return (
      <div className="flex flex-col items-start gap-3">
        <p role="status" className="border-l-2 border-line-strong py-0.5 pl-2.5 text-muted wrap-anywhere">
          {base === null || codes.has('ONLY_IMAGE') ? t('onlyImage', { active }) : t('backsActive', { base })}
        </p>
        {onCompletely && (plan.disks[0]?.now.images.length ?? 0) > 1 && (
          <Button onClick={onCompletely}>{t('completely')}</Button>
        )}
      </div>
    );
  }
  // A guest whose image is missing can't be started, so that it is not running is no news.
  const shown = plan.refusals.filter(
    ({ code }) => !(code === 'GUEST_NOT_RUNNING' && codes.has('IMAGE_MISSING')),
  );
  return (
    <section aria-label={t('refused')} className="flex flex-col gap-2">
      <h3 className="font-semibold text-bad">{t('refused')}</h3>
      <Problems tone="bad" problems={shown} />
    </section>
  );
}
