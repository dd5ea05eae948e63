'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Operation, Progress } from '../../model/operation/operation.ts';
import { mayTakeReserve, type SpacePause } from '../../model/operation/pause.ts';
import { problemOf } from '../live/problem-of.ts';
import { useTRPC } from '../live/trpc.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { Button, type ButtonProps } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { diskName } from './disk-name.ts';
import { waitingFor } from './waiting.ts';

/** Lets an operation that is paused for space use the reserve, after asking; offered where that would help. */
export function Resume({
  operation,
  progress,
  variant = 'quiet',
}: {
  operation: Operation;
  progress: Progress | null;
  variant?: ButtonProps['variant'];
}) {
  const t = useTranslations('operations');
  // The pause that the question is about: the question stays while somebody thinks about it.
  const [asked, setAsked] = useState<SpacePause | null>(null);
  const resume = useMutation(
    useTRPC().operations.resume.mutationOptions({ onSuccess: () => setAsked(null) }),
  );
  const { paused = null } = operation;
  const helps = paused !== null && mayTakeReserve(paused, waitingFor(paused, progress).free);

  function ask() {
    resume.reset();
    setAsked(paused);
  }

  return (
    <>
      {helps && (
        <Button variant={variant} onClick={ask}>
          {t('resumeAnyway')}
        </Button>
      )}
      {asked && (
        <Confirm
          title={t('resumeTitle', { disk: diskName(operation), fileSystem: asked.fileSystem })}
          yes={t('resumeYes')}
          no={t('resumeNo')}
          busy={resume.isPending}
          onYes={() => resume.mutate({ id: operation.id })}
          onClose={() => setAsked(null)}
        >
          <p className="wrap-anywhere">{t('resumeText', { fileSystem: asked.fileSystem })}</p>
          {resume.error && <ProblemNote problem={problemOf(resume.error)} role="alert" className="mt-3" />}
        </Confirm>
      )}
    </>
  );
}
