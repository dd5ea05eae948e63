import { useTranslations } from 'next-intl';
import type { Plan } from '../../model/kinds/plan.ts';
import { type DiskPlan, nameIn } from '../../model/plans/plan.ts';
import { type Outcome, outcomes } from '../chain/outcome.ts';
import { classNames } from '../ui/class-names.ts';
import { shortened } from './shortened.ts';

const TONES: Readonly<Record<Outcome, string>> = {
  receives: 'text-accent',
  new: 'text-accent',
  returns: 'text-accent',
  merges: 'text-text',
  leaves: 'text-text',
  stays: 'text-muted',
};

/** So many images that nothing happens to are listed one by one. */
const LISTED = 4;

/** What becomes of each image, disk by disk. A long row of images with one outcome is one line. */
export function OutcomeList({ plan }: { plan: Plan }) {
  const t = useTranslations('plan');
  return plan.disks
    .map((disk) => ({ disk, lines: linesOf(plan, disk) }))
    .filter(({ lines }) => lines.length > 0)
    .map(({ disk, lines }) => (
      <section key={disk.target} aria-label={t('outcomeOf', { target: disk.target })}>
        <h3 className="mb-1 text-2xs text-muted">{t('outcomeOf', { target: disk.target })}</h3>
        <ul className="flex flex-col gap-0.5">
          {lines.map(({ outcome, keys }) => (
            <li key={keys[0]} className="flex justify-between gap-3">
              <span className={classNames('min-w-0 wrap-anywhere', outcome === 'stays' && 'text-muted')}>
                {keys.length === 1
                  ? shortened(nameIn(plan, keys[0] ?? ''))
                  : t('layers', { count: keys.length })}
              </span>
              <span className={classNames('shrink-0', TONES[outcome])}>{t(`outcome.${outcome}`)}</span>
            </li>
          ))}
        </ul>
      </section>
    ));
}

interface Line {
  readonly outcome: Outcome;
  readonly keys: readonly string[];
}

function linesOf(plan: Plan, disk: DiskPlan): readonly Line[] {
  const runs: { outcome: Outcome; keys: string[] }[] = [];
  for (const [key, outcome] of outcomes(plan, disk.target, disk.now)) {
    const last = runs.at(-1);
    if (last?.outcome === outcome) last.keys.push(key);
    else runs.push({ outcome, keys: [key] });
  }
  return runs.flatMap(({ outcome, keys }): readonly Line[] =>
    keys.length > LISTED ? [{ outcome, keys }] : keys.map((key) => ({ outcome, keys: [key] })),
  );
}
