'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useRef } from 'react';
import { isConfirmed } from '../../model/kinds/confirmation.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import type { Operation } from '../../model/operation/operation.ts';
import type { OnFull } from '../../model/operation/pause.ts';
import { guestOf } from '../../model/plans/plan.ts';
import type { Problem } from '../../model/problem.ts';
import { problemOf } from '../live/problem-of.ts';
import { useStarted } from '../live/stream.tsx';
import { useTRPC } from '../live/trpc.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { Button } from '../ui/button.tsx';

/** Starts what the plan says, once. */
export function Start({
  plan,
  confirmed,
  bandwidth,
  onFull,
  blocked,
  onStarted,
  onRefused,
}: {
  plan: Plan;
  /** What was typed to confirm a loss. */
  confirmed: string;
  /** Bytes per second, 0 for no limit; `null` where what was typed is not one. */
  bandwidth: number | null;
  /** What is done before a file system is full. */
  onFull: OnFull;
  /** What has to be over first; `null` where it can be started now. */
  blocked: string | null;
  onStarted: (operation: Operation) => void;
  /** The plan is out of date, and has to be made again. */
  onRefused: (problem: Problem) => void;
}) {
  const t = useTranslations('plan');
  const trpc = useTRPC();
  const follow = useStarted();
  /** The fingerprint that is sent, so that two clicks before the first is drawn as pending start once. */
  const sent = useRef<string | null>(null);
  const start = useMutation(
    trpc.operations.start.mutationOptions({
      onSuccess: (operation) => {
        follow(operation);
        onStarted(operation);
      },
      onError: (error) => {
        sent.current = null;
        onRefused(problemOf(error));
      },
    }),
  );

  function once() {
    const { intent } = plan;
    // What is about no guest is started where it is asked for.
    if (
      bandwidth === null ||
      !isConfirmed(plan, confirmed) ||
      intent.kind === 'delete' ||
      sent.current === plan.fingerprint
    )
      return;
    sent.current = plan.fingerprint;
    const { hostId, uuid } = guestOf(plan);
    const { fingerprint } = plan;
    start.mutate({ guest: { hostId, uuid }, intent, fingerprint, confirmed, bandwidth, onFull });
  }

  const started = start.isSuccess && start.variables.fingerprint === plan.fingerprint;
  const reason = start.isPending
    ? t('starting')
    : started
      ? t('started')
      : (blocked ??
        (bandwidth === null ? t('limitFirst') : isConfirmed(plan, confirmed) ? null : t('confirmFirst')));
  return (
    <div className="flex flex-col gap-2">
      {start.isError && <ProblemNote role="alert" problem={problemOf(start.error)} />}
      <Button variant="main" className="min-h-9 w-full" disabled={reason !== null} onClick={once}>
        {reason ?? t('start')}
      </Button>
    </div>
  );
}
