import { useTranslations } from 'next-intl';
import { CHECKPOINT_OUTCOMES, type CheckpointChange } from '../../model/plans/checkpoint-change.ts';
import type { PlanOf } from '../../model/plans/plan.ts';

type Outcome = CheckpointChange['outcome'];

const TONES: Readonly<Record<Outcome, string>> = {
  kept: 'text-muted',
  merged: 'text-text',
  unsure: 'text-warn',
  lost: 'text-warn',
  broken: 'text-warn',
  gone: 'text-warn',
};

/** So many checkpoints of a disk are named. */
const NAMED = 4;

/** What becomes of the guest's checkpoints, disk by disk, and what the next incremental backup then is. */
export function CheckpointChanges({ plan: { checkpoints, guestName } }: { plan: PlanOf }) {
  const t = useTranslations('plan.checkpoints');
  if (checkpoints === undefined || checkpoints?.length === 0) return null;
  if (checkpoints === null) return <p className="text-muted">{t('unknown', { guest: guestName ?? '' })}</p>;
  const rows = Map.groupBy(checkpoints, ({ target, outcome }) => `${target} ${outcome}`);
  const outcomes = new Set(checkpoints.map(({ outcome }) => outcome));
  return (
    <section aria-label={t('changes')}>
      <h3 className="mb-1 text-2xs text-muted">{t('changes')}</h3>
      <ul className="flex flex-col gap-0.5">
        {[...rows].map(([key, changes]) => (
          <Row key={key} changes={changes} />
        ))}
      </ul>
      {NEXT.filter((outcome) => outcomes.has(outcome)).map((outcome) => (
        <p key={outcome} className="mt-1 text-2xs text-muted">
          {t('next', { outcome })}
        </p>
      ))}
    </section>
  );
}

const NEXT: readonly Outcome[] = [...CHECKPOINT_OUTCOMES, 'gone'];

function Row({ changes }: { changes: readonly CheckpointChange[] }) {
  const t = useTranslations('plan.checkpoints');
  const [first] = changes;
  if (first === undefined) return null;
  const names = changes.map(({ name }) => name);
  return (
    <li className="flex justify-between gap-3">
      <span className="min-w-0 wrap-anywhere">
        {t('ofDisk', {
          target: first.target,
          names: names.length > NAMED ? t('count', { count: names.length }) : names.join(', '),
        })}
      </span>
      <span className={`shrink-0 ${TONES[first.outcome]}`}>{t('outcome', { outcome: first.outcome })}</span>
    </li>
  );
}
