'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Host } from '../../model/fleet/host.ts';
import { problemOf } from '../live/problem-of.ts';
import { useTRPC } from '../live/trpc.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';

/** Takes a host off the list, after asking. */
export function RemoveHost({ host }: { host: Host }) {
  const t = useTranslations('hosts');
  const ui = useTranslations('ui');
  const [asking, setAsking] = useState(false);
  const remove = useMutation(useTRPC().hosts.remove.mutationOptions({ onSuccess: () => setAsking(false) }));

  function ask() {
    remove.reset();
    setAsking(true);
  }

  return (
    <>
      <Button variant="quiet" aria-label={t('remove', { host: host.name })} onClick={ask}>
        {t('removeShort')}
      </Button>
      {asking && (
        <Confirm
          title={t('removeTitle', { host: host.name })}
          yes={t('removeYes')}
          no={ui('cancel')}
          busy={remove.isPending}
          onYes={() => remove.mutate({ hostId: host.id })}
          onClose={() => setAsking(false)}
        >
          <p>{t('removeText')}</p>
          {remove.error && <ProblemNote problem={problemOf(remove.error)} role="alert" className="mt-3" />}
        </Confirm>
      )}
    </>
  );
}
