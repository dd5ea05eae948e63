'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { GuestName } from '../../model/fleet/guest.ts';
import { problemOf } from '../live/problem-of.ts';
import { useStarted } from '../live/stream.tsx';
import { useTRPCClient } from '../live/trpc.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';

/** Has libvirt forget snapshot records, after asking. The stream then takes them off the screen. */
export function ForgetRecords({ guest, names }: { guest: GuestName; names: readonly string[] }) {
  const t = useTranslations('overview');
  const ui = useTranslations('ui');
  const client = useTRPCClient();
  const follow = useStarted();
  // What the question was about; records that become stale meanwhile are not forgotten by its answer.
  const [asked, setAsked] = useState<readonly string[] | null>(null);
  const forget = useMutation({
    mutationFn: (chosen: readonly string[]) =>
      client.snapshots.forget.mutate({ guest: { hostId: guest.hostId, uuid: guest.uuid }, names: chosen }),
    onSuccess: (operation) => {
      follow(operation);
      setAsked(null);
    },
  });

  function ask() {
    forget.reset();
    setAsked(names);
  }

  const count = asked?.length ?? 0;
  const listed = asked?.join(', ') ?? '';
  return (
    <>
      <Button aria-label={t('forgetOf', { guest: guest.name })} onClick={ask}>
        {t('forget')}
      </Button>
      {asked !== null && (
        <Confirm
          title={t('forgetTitle', { count, names: listed })}
          yes={t('forgetYes', { count })}
          no={ui('cancel')}
          busy={forget.isPending}
          onYes={() => forget.mutate(asked.filter((name) => names.includes(name)))}
          onClose={() => setAsked(null)}
        >
          <p className="wrap-anywhere">{t('forgetText', { count, guest: guest.name, names: listed })}</p>
          {forget.error && <ProblemNote problem={problemOf(forget.error)} role="alert" className="mt-3" />}
        </Confirm>
      )}
    </>
  );
}
