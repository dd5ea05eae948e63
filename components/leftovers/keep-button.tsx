'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { problemOf } from '../live/problem-of.ts';
import { useTRPC } from '../live/trpc.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { Button } from '../ui/button.tsx';
import { fileName } from './file-path.tsx';

/** Marks an image as shared on purpose, so that it is not offered, or takes the mark off. */
export function KeepButton({
  hostId,
  path,
  kept = false,
  onChanged,
}: {
  hostId: string;
  path: string;
  kept?: boolean;
  onChanged: () => void;
}) {
  const t = useTranslations('leftovers');
  const { leftovers } = useTRPC();
  const options = { onSuccess: onChanged };
  const keep = useMutation(leftovers.keep.mutationOptions(options));
  const release = useMutation(leftovers.release.mutationOptions(options));
  const change = kept ? release : keep;
  return (
    <>
      <Button
        variant="quiet"
        className="-my-1"
        disabled={change.isPending}
        aria-label={t(kept ? 'releaseOf' : 'keepOf', { file: fileName(path) })}
        onClick={() => change.mutate({ hostId, path })}
      >
        {t(kept ? 'release' : 'keep')}
      </Button>
      {change.error && <ProblemNote role="alert" problem={problemOf(change.error)} className="text-left" />}
    </>
  );
}
