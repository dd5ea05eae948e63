'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Operation, Progress } from '../../model/operation/operation.ts';
import { type Hold, mayTakeReserve } from '../../model/operation/pause.ts';
import { problemOf } from '../live/problem-of.ts';
import { useTRPC } from '../live/trpc.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { Button, type ButtonProps } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { diskName } from './disk-name.ts';
import { waitingFor } from './waiting.ts';

/** Lets an operation that waits for room take from the reserve, after asking; offered where that would help. */
export function GoOn({
  operation,
  progress,
  look = 'quiet',
}: {
  operation: Operation;
  progress: Progress | null;
  look?: ButtonProps['look'];
}) {
  const t = useTranslations('operations');
  // What the question was about: it is not taken away while somebody thinks about it.
  const [asked, setAsked] = useState<Hold | null>(null);
  const goOn = useMutation(useTRPC().operations.goOn.mutationOptions({ onSuccess: () => setAsked(null) }));
  const { held = null } = operation;
  const helps = held !== null && mayTakeReserve(held, waitingFor(held, progress).free);

  function ask() {
    goOn.reset();
    setAsked(held);
  }

  return (
    <>
      {helps && (
        <Button look={look} onClick={ask}>
          {t('goOn')}
        </Button>
      )}
      {asked && (
        <Confirm
          title={t('goOnTitle', { disk: diskName(operation), place: asked.place })}
          yes={t('goOnYes')}
          no={t('goOnNo')}
          busy={goOn.isPending}
          onYes={() => goOn.mutate({ id: operation.id })}
          onClose={() => setAsked(null)}
        >
          <p className="wrap-anywhere">{t('goOnText', { place: asked.place })}</p>
          {goOn.error && <ProblemNote problem={problemOf(goOn.error)} role="alert" className="mt-3" />}
        </Confirm>
      )}
    </>
  );
}
