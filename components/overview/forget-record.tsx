'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Guest } from '../../model/guest.ts';
import { problemOf } from '../live/problem-of.ts';
import { useTRPC } from '../live/trpc.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';

/** Has libvirt forget a snapshot record, after asking. The stream then takes the record off the screen. */
export function ForgetRecord({ guest, name }: { guest: Guest; name: string }) {
  const t = useTranslations('overview');
  const words = useTranslations('ui');
  const [asking, setAsking] = useState(false);
  const forget = useMutation(
    useTRPC().snapshots.forget.mutationOptions({ onSuccess: () => setAsking(false) }),
  );

  function ask() {
    forget.reset();
    setAsking(true);
  }

  return (
    <>
      <Button onClick={ask}>{t('forget')}</Button>
      {asking && (
        <Confirm
          title={t('forgetTitle', { name })}
          yes={t('forgetYes')}
          no={words('cancel')}
          busy={forget.isPending}
          onYes={() => forget.mutate({ guest: { hostId: guest.hostId, uuid: guest.uuid }, name })}
          onClose={() => setAsking(false)}
        >
          <p>{t('forgetText', { guest: guest.name })}</p>
          {forget.error && <ProblemNote problem={problemOf(forget.error)} role="alert" className="mt-3" />}
        </Confirm>
      )}
    </>
  );
}
