'use client';

import { useFormatter, useTranslations } from 'next-intl';
import { useEffect } from 'react';
import type { Operation } from '../../model/operation/operation.ts';
import { waitsForOthers } from '../../model/operation/pause.ts';
import { operationAddress } from '../address/operation.ts';
import { diskName } from '../operations/disk-name.ts';
import { useWhat } from '../operations/operation-texts.ts';
import { useCancelTexts } from '../operations/step-texts.ts';
import { useTook } from '../operations/use-took.ts';
import { useProblemText } from '../problem/problem-text.ts';
import { classNames } from '../ui/class-names.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Link } from '../ui/link.tsx';
import { Sign } from '../ui/sign.tsx';
import { useQuantity } from '../ui/use-quantity.ts';

/** Milliseconds that good news stay. Failures stay until somebody dismisses them, and what waits as long as it does. */
const STAY = 10_000;

const SIGNS = {
  succeeded: { edge: 'border-l-ok', sign: 'done' },
  failed: { edge: 'border-l-bad', sign: 'failed' },
  paused: { edge: 'border-l-warn', sign: 'paused' },
  cancelled: { edge: 'border-l-muted', sign: 'ended' },
} as const;

export function Notice({
  operation,
  pinned,
  onDismiss,
}: {
  operation: Operation;
  /** The pointer or the focus is on it, so it must not go away. */
  pinned: boolean;
  onDismiss: (id: string) => void;
}) {
  const t = useTranslations('notices');
  const ui = useTranslations('ui');
  const what = useWhat()(operation);
  const text = useNoticeText(operation);
  const state = endOf(operation);
  const { edge, sign } = SIGNS[state];

  useEffect(() => {
    if (state === 'failed' || state === 'paused' || pinned) return;
    const timer = setTimeout(() => onDismiss(operation.id), STAY);
    return () => clearTimeout(timer);
  }, [state, pinned, operation.id, onDismiss]);

  return (
    <div
      role={state === 'failed' ? 'alert' : 'status'}
      className={classNames(
        'pointer-events-auto grid grid-cols-[auto_1fr_auto] gap-x-2 rounded-lg border border-l-2 border-line bg-raised p-3',
        edge,
      )}
    >
      <Sign name={sign} />
      <p className="font-medium wrap-anywhere">{t(state, { disk: diskName(operation), what })}</p>
      <IconButton label={ui('dismiss')} className="-m-1.5" onClick={() => onDismiss(operation.id)}>
        ×
      </IconButton>
      <div className="col-start-2 col-end-4 mt-0.5 text-muted wrap-anywhere">
        {text}{' '}
        <Link href={operationAddress(operation.id)} variant="inline">
          {t('open')}
        </Link>
      </div>
    </div>
  );
}

function endOf({ state, paused }: Operation): keyof typeof SIGNS {
  if (paused) return 'paused';
  return state === 'succeeded' || state === 'cancelled' ? state : 'failed';
}

function useNoticeText(operation: Operation): string {
  const t = useTranslations('notices');
  const problemText = useProblemText();
  const cancelled = useCancelTexts();
  const quantity = useQuantity();
  const format = useFormatter();
  const { state, paused, problem, plan, steps, grownBy: copied, startedAt } = operation;
  const took = useTook()(operation);
  if (paused) {
    const { fileSystem, free, needed: until } = paused;
    const why = waitsForOthers(paused) ? 'others' : 'freeSpace';
    return t('pausedText', { fileSystem, free: quantity.bytes(free), until: quantity.bytes(until), why });
  }
  if (state === 'cancelled') {
    const step = startedAt === null ? undefined : plan.steps.find((_, i) => steps[i]?.state !== 'done');
    const left = step ? cancelled(step) : t('neverStarted');
    return problem === null ? left : `${problemText(problem)} ${left}`;
  }
  if (problem !== null) return problemText(problem);
  const [disk] = plan.disks;
  if (disk === undefined) return t('succeededPlain', { count: plan.steps.length });
  const layers = disk.after.images.length;
  const known = copied !== null && took !== null;
  const done = known ? { copied: quantity.bytes(copied), time: took } : { copied: 'none', time: '' };
  if (plan.disks.length > 1) {
    const each = plan.disks.map(({ target, after }) =>
      t('layersOfDisk', { target, layers: after.images.length }),
    );
    return t('succeededDisks', { ...done, disks: format.list(each) });
  }
  return known ? t('succeededText', { ...done, layers }) : t('succeededUnknown', { layers });
}
