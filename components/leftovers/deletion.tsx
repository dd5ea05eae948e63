'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import type { Host } from '../../model/fleet/host.ts';
import type { Leftover } from '../../model/fleet/leftover.ts';
import { commandsOf } from '../../model/kinds/commands.ts';
import { problemOf } from '../live/problem-of.ts';
import { useStarted } from '../live/stream.tsx';
import { useTRPC } from '../live/trpc.ts';
import { Commands } from '../operations/commands.tsx';
import { ProblemNote } from '../problem/problem-note.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useQuantity } from '../ui/use-quantity.ts';
import { fileName } from './file-path.tsx';
import { confirmationFor, sizeOf } from './selection.ts';

/** Asks before files are deleted: which, in which order, and a text to type. */
export function Deletion({
  host,
  files,
  onClose,
  onChanged,
}: {
  host: Host;
  files: readonly Leftover[];
  onClose: () => void;
  onChanged: () => void;
}) {
  const t = useTranslations('leftovers');
  const ui = useTranslations('ui');
  const quantity = useQuantity();
  const { leftovers } = useTRPC();
  const follow = useStarted();
  const [typed, setTyped] = useState('');
  const input = { hostId: host.id, files: files.map(({ path }) => path) };
  const plan = useQuery(
    leftovers.plan.queryOptions(input, { gcTime: 0, staleTime: Number.POSITIVE_INFINITY }),
  );
  const remove = useMutation(
    leftovers.remove.mutationOptions({
      onSuccess: (operation) => {
        follow(operation);
        onClose();
      },
      onError: () => {
        void plan.refetch();
        onChanged();
      },
    }),
  );
  const word = confirmationFor(files);
  const size = sizeOf(files);
  const [refusal] = plan.data?.refusals ?? [];
  const ready = plan.data !== undefined && refusal === undefined && !plan.isFetching && typed.trim() === word;

  function start() {
    if (!ready || remove.isPending) return;
    remove.mutate({ ...input, fingerprint: plan.data.fingerprint });
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    start();
  }

  return (
    <Confirm
      title={t('deleteTitle', { count: files.length, file: fileName(files[0]?.path ?? ''), host: host.name })}
      yes={t('deleteYes', { count: files.length })}
      no={ui('cancel')}
      busy={!ready || remove.isPending}
      onYes={start}
      onClose={onClose}
    >
      <form onSubmit={submit} className="flex flex-col gap-3">
        <p>{t('deleteText', { size: size === null ? t('unknownSize') : quantity.bytes(size) })}</p>
        <ol className="wrap-anywhere text-text">
          {files.map(({ path }) => (
            <li key={path}>{path}</li>
          ))}
        </ol>
        {plan.isFetching && <p role="status">{t('checking')}</p>}
        {plan.error && <ProblemNote role="alert" problem={problemOf(plan.error)} />}
        {refusal !== undefined && <ProblemNote role="alert" problem={refusal} />}
        {plan.data?.warnings.map((warning) => (
          <ProblemNote key={warning.code} problem={warning} tone="warn" />
        ))}
        <TextField label={t('type', { word, count: files.length })} value={typed} onChange={setTyped} />
        {remove.error && <ProblemNote role="alert" problem={problemOf(remove.error)} />}
        {plan.data && <Commands commands={commandsOf(plan.data, 0)} />}
      </form>
    </Confirm>
  );
}
