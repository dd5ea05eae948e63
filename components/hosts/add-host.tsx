'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { type FormEvent, useId, useState } from 'react';
import { problemOf } from '../live/problem-of.ts';
import { useTRPC } from '../live/trpc.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { Button } from '../ui/button.tsx';
import { TextInput } from '../ui/text-input.tsx';

/** Adds a libvirt daemon by its URI, or tries first whether it answers. */
export function AddHost() {
  const t = useTranslations('hosts');
  const ui = useTranslations('ui');
  const id = useId();
  const api = useTRPC();
  const [uri, setUri] = useState('');
  const test = useMutation(api.hosts.test.mutationOptions());
  const add = useMutation(api.hosts.add.mutationOptions({ onSuccess: () => type('') }));
  const typed = uri.trim();
  const busy = test.isPending || add.isPending;
  const error = add.error ?? test.error;

  function type(text: string) {
    setUri(text);
    test.reset();
    add.reset();
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (typed === '') return;
    test.reset();
    add.mutate({ uri: typed });
  }

  return (
    <form onSubmit={submit} className="w-full max-w-2xl text-left">
      <label htmlFor={id} className="text-2xs text-muted">
        {t('uri')}
      </label>
      <div className="mt-0.5 flex flex-wrap gap-2">
        <TextInput
          id={id}
          value={uri}
          onChange={type}
          placeholder="qemu+ssh://root@host/system"
          autoCapitalize="off"
          spellCheck={false}
          aria-describedby={`${id}-hint`}
          aria-invalid={error !== null}
          className="h-7 flex-1 basis-56 font-mono text-xs placeholder:text-muted"
        />
        <Button disabled={busy || typed === ''} onClick={() => test.mutate({ uri: typed })}>
          {t(test.isPending ? 'testing' : 'test')}
        </Button>
        <Button variant="main" type="submit" disabled={busy || typed === ''}>
          {t(add.isPending ? 'adding' : 'add')}
        </Button>
      </div>
      <p id={`${id}-hint`} className="mt-1 text-2xs text-muted">
        {t('uriHint')}
      </p>
      {error !== null && <ProblemNote problem={problemOf(error)} role="alert" className="mt-2" />}
      {test.data && (
        <p role="status" className="mt-2 border-l-2 border-ok py-0.5 pl-2.5">
          {t('answers', {
            host: test.data.hostname,
            libvirt: test.data.libvirtVersion,
            qemu: test.data.qemuVersion ?? ui('unknown'),
          })}
        </p>
      )}
    </form>
  );
}
