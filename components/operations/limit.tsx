'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { type FormEvent, useId, useState } from 'react';
import { takesSpeed } from '../../model/kinds/step-work.ts';
import type { Operation } from '../../model/operation/operation.ts';
import { stepAtHand } from '../../model/operation/step-at-hand.ts';
import { problemOf } from '../live/problem-of.ts';
import { useTRPC } from '../live/trpc.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { Button } from '../ui/button.tsx';
import { Popover } from '../ui/popover.tsx';
import { TextInput } from '../ui/text-input.tsx';
import { useQuantity } from '../ui/use-quantity.ts';
import { diskName } from './disk-name.ts';
import { speedField, speedFrom } from './speed.ts';

/** Shows the speed limit of an operation, and sets another, as long as a step is to come that takes one. It opens to the side that has no progress. */
export function Limit({ operation, side }: { operation: Operation; side: 'top' | 'bottom' }) {
  const t = useTranslations('operations');
  const quantity = useQuantity();
  const { bandwidth, state, plan } = operation;
  if (!plan.steps.slice(stepAtHand(operation)).some(takesSpeed)) return null;
  const title = t('limitTitle', { disk: diskName(operation) });
  const shown = bandwidth === 0 ? t('limit') : t('limitAt', { rate: quantity.rate(bandwidth) });
  return (
    <Popover
      label={title}
      side={side}
      button={{ variant: 'quiet', disabled: state === 'cancelling', children: shown }}
    >
      {(close) => <LimitForm operation={operation} title={title} onDone={close} />}
    </Popover>
  );
}

function LimitForm({
  operation,
  title,
  onDone,
}: {
  operation: Operation;
  title: string;
  onDone: () => void;
}) {
  const t = useTranslations('operations');
  const id = useId();
  const [typed, setTyped] = useState(speedField(operation.bandwidth));
  const [refused, setRefused] = useState(false);
  const set = useMutation(useTRPC().operations.setSpeed.mutationOptions({ onSuccess: onDone }));

  function submit(event: FormEvent) {
    event.preventDefault();
    const bandwidth = speedFrom(typed);
    setRefused(bandwidth === null);
    if (bandwidth !== null) set.mutate({ id: operation.id, bandwidth });
  }

  return (
    <form onSubmit={submit} noValidate>
      <h2 className="font-semibold">{title}</h2>
      <div className="mt-2 flex items-center gap-2">
        <TextInput
          id={id}
          value={typed}
          onChange={setTyped}
          inputMode="numeric"
          placeholder="0"
          aria-label={t('limitUnit')}
          aria-invalid={refused}
          aria-describedby={`${id}-hint`}
          className="h-7 w-20 text-right"
        />
        <label htmlFor={id} className="flex-1 text-muted">
          {t('limitUnit')}
        </label>
        <Button variant="main" type="submit" disabled={set.isPending}>
          {t('limitSet')}
        </Button>
      </div>
      <p
        id={`${id}-hint`}
        role={refused ? 'alert' : undefined}
        className={refused ? 'mt-2 text-2xs text-bad' : 'mt-2 text-2xs text-muted'}
      >
        {t(refused ? 'limitBad' : operation.paused ? 'limitHintPaused' : 'limitHint')}
      </p>
      {set.error && <ProblemNote problem={problemOf(set.error)} role="alert" className="mt-2" />}
    </form>
  );
}
