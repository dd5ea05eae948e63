import { useTranslations } from 'next-intl';
import { type Checkpoint, lacksBitmaps } from '../../model/fleet/checkpoint.ts';
import type { Disk } from '../../model/fleet/disk.ts';
import { type Guest, isActive } from '../../model/fleet/guest.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { Time } from '../ui/time.tsx';

/** So many are in view; the older ones fold. */
const LISTED = 4;

/** The guest's checkpoints, newest first, each with the disks that it is of; nothing if there are none. */
export function CheckpointList({ guest, disk }: { guest: Guest; disk: Disk }) {
  const t = useTranslations('plan.checkpoints');
  const { known, problem } = guest.checkpoints;
  if (problem !== null) return <ProblemNote className="mt-5" tone="warn" problem={problem} />;
  if (known === null || known.length === 0) return null;
  const newest = known.toReversed();
  const [shown, folded] = [newest.slice(0, LISTED), newest.slice(LISTED)];
  const isLost =
    known.some(({ disks }) => disks.includes(disk.target)) && lacksBitmaps(disk, isActive(guest));
  return (
    <section aria-label={t('title')} className="mt-5">
      <h3 className="mb-1 text-2xs text-muted">{t('title')}</h3>
      {isLost && <p className="mb-1.5 text-warn">{t('lost', { target: disk.target })}</p>}
      <Rows checkpoints={shown} />
      {folded.length > 0 && (
        <details className="mt-1.5">
          <summary className="text-2xs text-muted">{t('older', { count: folded.length })}</summary>
          <Rows checkpoints={folded} />
        </details>
      )}
    </section>
  );
}

function Rows({ checkpoints }: { checkpoints: readonly Checkpoint[] }) {
  const t = useTranslations('plan.checkpoints');
  return (
    <ul className="flex flex-col gap-1.5">
      {checkpoints.map(({ name, createdAt, disks }) => (
        <li key={name}>
          <p className="wrap-anywhere">{name}</p>
          <p className="flex justify-between gap-3 text-2xs text-muted">
            <Time at={createdAt} />
            <span className="wrap-anywhere">{disks.length === 0 ? t('noDisk') : disks.join(', ')}</span>
          </p>
        </li>
      ))}
    </ul>
  );
}
