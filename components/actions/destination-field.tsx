'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useId } from 'react';
import { folderOf } from '../../model/destination.ts';
import type { Problem } from '../../model/problem.ts';
import { useTRPC } from '../live/trpc.ts';
import { useProblemText } from '../problem/problem-text.ts';
import { classNames } from '../ui/class-names.ts';
import { useQuantity } from '../ui/use-quantity.ts';

/** The path of a new image on a host: typed, or begun by choosing a storage pool. */
export function DestinationField({
  hostId,
  label,
  path,
  problem,
  onChange,
}: {
  hostId: string;
  label: string;
  path: string;
  /** What the server says is wrong with this path. */
  problem: Problem | null;
  onChange: (path: string) => void;
}) {
  const t = useTranslations('destination');
  const text = useProblemText();
  const id = useId();
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-2xs text-muted">
        {label}
      </label>
      <input
        id={id}
        type="text"
        autoComplete="off"
        spellCheck={false}
        placeholder={t('placeholder')}
        value={path}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : `${id}-problem`}
        onChange={(event) => onChange(event.target.value)}
        className="h-8 w-full rounded-md border border-line-strong bg-raised px-2 font-mono text-2xs aria-invalid:border-bad"
      />
      {problem !== null && (
        <p id={`${id}-problem`} className="text-2xs wrap-anywhere text-bad">
          {text(problem)}
        </p>
      )}
      <Pools hostId={hostId} path={path} onChange={onChange} />
    </div>
  );
}

/** The host's storage pools with the room that there is. Choosing one keeps the name of the file. */
function Pools({
  hostId,
  path,
  onChange,
}: {
  hostId: string;
  path: string;
  onChange: (path: string) => void;
}) {
  const t = useTranslations('destination');
  const { bytes } = useQuantity();
  const pools = useQuery(useTRPC().pools.list.queryOptions({ hostId })).data ?? [];
  const running = pools.filter(({ running: runs }) => runs);
  if (running.length === 0) return null;
  const folder = path.startsWith('/') ? folderOf(path) : null;
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (
    <ul aria-label={t('pools')} className="flex flex-wrap gap-1">
      {running.map((pool) => (
        <li key={pool.name}>
          <button
            type="button"
            title={pool.path}
            aria-pressed={pool.path === folder}
            onClick={() => onChange(`${pool.path}/${name}`)}
            className={classNames(
              'rounded-md border px-2 py-0.5 text-2xs',
              pool.path === folder ? 'border-accent text-text' : 'border-line text-muted hover:text-text',
            )}
          >
            {pool.available === null
              ? pool.name
              : t('pool', { name: pool.name, room: bytes(pool.available) })}
          </button>
        </li>
      ))}
    </ul>
  );
}
