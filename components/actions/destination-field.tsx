'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { folderOf } from '../../model/fleet/destination.ts';
import type { Problem } from '../../model/problem.ts';
import { useTRPC } from '../live/trpc.ts';
import { useProblemText } from '../problem/problem-text.ts';
import { Button } from '../ui/button.tsx';
import { Labelled } from '../ui/labelled.tsx';
import { TextArea } from '../ui/text-area.tsx';
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
  return (
    <Labelled
      label={label}
      problem={problem && text(problem)}
      more={<Suggestions hostId={hostId} path={path} onChange={onChange} />}
    >
      {(control) => (
        // The name of the file ends the path, so a long one wraps; it stays one line of text.
        <TextArea
          {...control}
          placeholder={t('placeholder')}
          value={path}
          onChange={onChange}
          className="font-mono text-2xs"
        />
      )}
    </Labelled>
  );
}

/** The host's storage pools with their free space: choosing one changes the folder and keeps the name of the file. And the ending of that name. */
function Suggestions({
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
  const folder = path.startsWith('/') ? folderOf(path) : null;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const bare = name !== '' && !/\.(?:qcow2|raw|img)$/i.test(name);
  if (running.length === 0 && !bare) return null;
  return (
    <ul aria-label={t('suggestions')} className="flex flex-wrap gap-1">
      {running.map((pool) => (
        <li key={pool.name}>
          <Button
            variant="small"
            title={pool.path}
            aria-pressed={pool.path === folder}
            onClick={() => onChange(`${pool.path}/${name}`)}
          >
            {pool.available === null
              ? pool.name
              : t('pool', { name: pool.name, freeSpace: bytes(pool.available) })}
          </Button>
        </li>
      ))}
      {bare && (
        <li>
          <Button variant="small" className="text-accent" onClick={() => onChange(`${path}.qcow2`)}>
            {t('ending', { ending: '.qcow2' })}
          </Button>
        </li>
      )}
    </ul>
  );
}
