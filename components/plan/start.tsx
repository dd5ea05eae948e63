'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useRef } from 'react';
import type { Operation } from '../../model/operation.ts';
import type { Plan } from '../../model/plan.ts';
import { problemOf } from '../live/problem-of.ts';
import { useTRPC } from '../live/trpc.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { Button } from '../ui/button.tsx';

/** Starts what the plan says, once. */
export function Start({
  plan,
  bandwidth,
  current,
  onStarted,
  onRefused,
}: {
  plan: Plan;
  /** Bytes per second, 0 for no limit; `null` where what was typed is not one. */
  bandwidth: number | null;
  /** Whether the plan is of the chain as it is now, rather than being made anew. */
  current: boolean;
  onStarted: (operation: Operation) => void;
  onRefused: () => void;
}) {
  const t = useTranslations('plan');
  const trpc = useTRPC();
  const sent = useRef(false);
  const start = useMutation(
    trpc.operations.start.mutationOptions({
      onSuccess: onStarted,
      onError: onRefused,
      onSettled: (_, error) => {
        // After a success this plan is used up; another one mounts this anew.
        sent.current = error === null;
      },
    }),
  );

  // Two clicks can come before the first one is drawn as pending.
  const once = () => {
    if (sent.current || bandwidth === null) return;
    sent.current = true;
    start.mutate({ disk: plan.disk, intent: plan.intent, fingerprint: plan.fingerprint, bandwidth });
  };

  const reason = start.isPending
    ? t('starting')
    : start.isSuccess
      ? t('started')
      : !current
        ? t('planning')
        : bandwidth === null
          ? t('limitFirst')
          : null;
  return (
    <div className="flex flex-col gap-2">
      {start.isError && <ProblemNote role="alert" problem={problemOf(start.error)} />}
      <Button look="main" className="min-h-9 w-full" disabled={reason !== null} onClick={once}>
        {reason ?? t('start')}
      </Button>
    </div>
  );
}
