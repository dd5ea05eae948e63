'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import type { Operation } from '../../model/operation/operation.ts';
import { undoOf } from '../../model/operation/undo.ts';
import { historyAddress, NO_FILTER } from '../address/history.ts';
import { problemOf } from '../live/problem-of.ts';
import { useTRPC } from '../live/trpc.ts';
import { useWhat } from '../operations/operation-texts.ts';
import type { FieldsProps } from '../plan/form-of.tsx';
import { ProblemNote } from '../problem/problem-note.tsx';
import { Link } from '../ui/link.tsx';
import { RadioCards } from '../ui/radio-cards.tsx';
import { Time } from '../ui/time.tsx';
import type { ActionAt } from './action.ts';
import type { UndoValues } from './undo-form.ts';

/** How many operations of the guest are looked through for flattens of the disk. */
const RECENT = 100;

/** Which flatten of the disk is undone, the newest first. */
export function UndoControls({
  at: { guest, disk },
  values: { of },
  onChange,
}: FieldsProps<UndoValues, ActionAt>) {
  const t = useTranslations('actions.undo');
  const what = useWhat();
  const { hostId, uuid } = guest;
  const query = useTRPC().operations.list.queryOptions({ hostId, uuid, over: true, limit: RECENT });
  const { data, error } = useQuery({ ...query, refetchOnMount: 'always' });
  if (data === undefined) return error && <ProblemNote role="alert" problem={problemOf(error)} />;
  const flattens = data.filter((operation) => isFlatten(operation, disk.target));
  return (
    <div className="flex flex-col gap-2">
      {flattens.length === 0 ? (
        <p className="text-muted">{t('none', { target: disk.target, count: RECENT })}</p>
      ) : (
        <RadioCards
          label={t('flattens')}
          cards={flattens.map((operation) => ({
            value: operation.id,
            title: what(operation),
            figure: null,
            hint: <Time at={operation.endedAt ?? operation.createdAt} />,
            disabled: false,
          }))}
          value={of}
          onChange={(chosen) => onChange({ of: chosen })}
        />
      )}
      <Link href={historyAddress({ ...NO_FILTER, guest: uuid })} className="self-start text-2xs">
        {t('all')}
      </Link>
    </div>
  );
}

function isFlatten(operation: Operation, target: string): boolean {
  const undo = undoOf(operation);
  return undo?.kind === 'flatten' && undo.past.target === target;
}
