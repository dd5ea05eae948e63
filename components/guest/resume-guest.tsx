'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import type { GuestName } from '../../model/fleet/guest.ts';
import { problemOf } from '../live/problem-of.ts';
import { useStarted } from '../live/stream.tsx';
import { useTRPCClient } from '../live/trpc.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { Button } from '../ui/button.tsx';

/** Resumes a guest that QEMU paused for an I/O error. The stream then reports the outcome. */
export function ResumeGuest({ guest: { hostId, uuid, name } }: { guest: GuestName }) {
  const t = useTranslations('guest');
  const client = useTRPCClient();
  const resume = useMutation({
    mutationFn: () => client.guests.resume.mutate({ guest: { hostId, uuid } }),
    onSuccess: useStarted(),
  });
  return (
    <div className="flex max-w-80 flex-col items-end gap-2">
      <Button
        aria-label={t('resumeOf', { guest: name })}
        disabled={resume.isPending}
        onClick={() => resume.mutate()}
      >
        {t('resume')}
      </Button>
      {resume.error && <ProblemNote problem={problemOf(resume.error)} role="alert" />}
    </div>
  );
}
