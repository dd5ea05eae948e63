'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Operation } from '../../model/operation/operation.ts';
import { problemOf } from '../live/problem-of.ts';
import { useTRPC } from '../live/trpc.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { diskName } from './disk-name.ts';
import { useCancelTexts } from './step-texts.ts';

/** Asks before it cancels; the stream then reports the outcome. */
export function Cancel({ operation }: { operation: Operation }) {
  const t = useTranslations('operations');
  const [asking, setAsking] = useState(false);
  const cancel = useMutation(
    useTRPC().operations.cancel.mutationOptions({ onSuccess: () => setAsking(false) }),
  );

  function ask() {
    cancel.reset();
    setAsking(true);
  }

  return (
    <>
      <Button variant="quiet" disabled={operation.state === 'cancelling'} onClick={ask}>
        {t('cancel')}
      </Button>
      {asking && (
        <Confirm
          title={t('cancelTitle', { disk: diskName(operation) })}
          yes={t('cancelYes')}
          no={t('cancelNo')}
          busy={cancel.isPending}
          onYes={() => cancel.mutate({ id: operation.id })}
          onClose={() => setAsking(false)}
        >
          <CancelText operation={operation} />
          {cancel.error && <ProblemNote problem={problemOf(cancel.error)} role="alert" className="mt-3" />}
        </Confirm>
      )}
    </>
  );
}

/** What a cancel leaves: of the step that runs, and of those before it. */
function CancelText({ operation: { plan, steps, state } }: { operation: Operation }) {
  const t = useTranslations('operations');
  const texts = useCancelTexts();
  const running = plan.steps.find((_, i) => steps[i]?.state === 'running');
  const done = steps.filter((step) => step.state === 'done').length;
  return (
    <>
      <p>{running ? texts(running) : t(state === 'queued' ? 'cancelQueued' : 'cancelNext')}</p>
      {done > 0 && <p className="mt-1.5">{t('cancelDone', { count: done })}</p>}
    </>
  );
}
