'use client';

import { useTranslations } from 'next-intl';
import type { Plan } from '../../model/kinds/plan.ts';
import { takesSpeed } from '../../model/kinds/step-work.ts';
import type { JournalEntry, JournalEvent } from '../../model/operation/operation.ts';
import { type SpacePause, waitsForOthers } from '../../model/operation/pause.ts';
import { useProblemText } from '../problem/problem-text.ts';
import { Time } from '../ui/time.tsx';
import { useQuantity } from '../ui/use-quantity.ts';
import { useCommandText } from './use-command-text.ts';

/** Everything that was written down about an operation, the first entry first. */
export function Journal({ plan, entries }: { plan: Plan; entries: readonly JournalEntry[] }) {
  const t = useTranslations('operations');
  const texts = useEntryTexts(plan);
  return (
    <section aria-labelledby="journal">
      <h2 id="journal" className="mb-2 font-semibold">
        {t('journal')}
      </h2>
      <ol className="border-y border-line">
        {entries.map((entry) => {
          const { text, detail, call } = texts(entry.event);
          return (
            <li
              key={entry.id}
              className="grid gap-x-4 border-line py-1.5 not-first:border-t sm:grid-cols-[6.5rem_minmax(0,1fr)]"
            >
              <span className="text-muted">
                <Time at={entry.at} format="clock" />
              </span>
              <div className="min-w-0 wrap-anywhere">
                {text}
                {call !== null && (
                  <code className="mt-0.5 block font-mono text-xs whitespace-pre-wrap text-muted">
                    {call}
                  </code>
                )}
                {detail !== null && <p className="mt-0.5 text-muted">{detail}</p>}
              </div>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

interface EntryTexts {
  readonly text: string;
  readonly call: string | null;
  readonly detail: string | null;
}

function useEntryTexts(plan: Plan): (event: JournalEvent) => EntryTexts {
  const t = useTranslations('operations.entry');
  const problemText = useProblemText();
  const commandText = useCommandText();
  const quantity = useQuantity();
  const plain = (text: string): EntryTexts => ({ text, call: null, detail: null });
  const isJob = (index: number) => plan.steps[index] !== undefined && takesSpeed(plan.steps[index]);
  const pauseText = (pause: SpacePause) => ({
    step: pause.step + 1,
    fileSystem: pause.fileSystem,
    free: quantity.bytes(pause.free),
    until: quantity.bytes(pause.needed),
    why: waitsForOthers(pause) ? 'others' : 'freeSpace',
  });
  return (event) => {
    switch (event.kind) {
      case 'created':
        return plain(t('created', { actor: event.operation.actor }));
      case 'started':
        return plain(t('started'));
      case 'step-waits': {
        const { step, waitsFor } = event;
        return plain(t('step-waits', { step: step + 1, ...waitsFor }));
      }
      case 'step-intended':
        return { ...plain(t('step-intended', { step: event.step + 1 })), call: commandText(event.command) };
      case 'step-running':
        return plain(
          event.adopted
            ? t('step-adopted', { step: event.step + 1 })
            : t('step-running', { step: event.step + 1, what: isJob(event.step) ? 'job' : 'else' }),
        );
      case 'step-finishing':
        return { ...plain(t('step-finishing', { step: event.step + 1 })), call: event.call };
      case 'step-flushing':
        return { ...plain(t('step-flushing', { step: event.step + 1 })), call: event.call };
      case 'step-thawing':
        return { ...plain(t('step-thawing', { step: event.step + 1 })), call: event.call };
      case 'step-given-up':
        return { ...plain(t('step-given-up', { step: event.step + 1 })), call: event.call };
      case 'step-out-of-space':
        return {
          ...plain(t('step-out-of-space', { step: event.step + 1 })),
          detail: problemText(event.problem),
        };
      case 'step-warned':
        return { ...plain(t('step-warned', { step: event.step + 1 })), detail: problemText(event.problem) };
      case 'step-paused':
        return { ...plain(t('step-paused', pauseText(event.pause))), call: event.call };
      case 'step-resumed': {
        const { fileSystem, free } = event;
        const step = event.step + 1;
        return {
          ...plain(t('step-resumed', { step, fileSystem, free: quantity.bytes(free) })),
          call: event.call,
        };
      }
      case 'space-ran-out':
        return plain(t('space-ran-out', pauseText(event.pause)));
      case 'step-undone':
        return { ...plain(t('step-undone', { step: event.step + 1 })), call: event.call };
      case 'step-done':
        return {
          ...plain(
            event.grownBy === null
              ? t('step-done', { step: event.step + 1 })
              : t('step-done-copied', { step: event.step + 1, copied: quantity.bytes(event.grownBy) }),
          ),
          detail: event.lastSeenAt === undefined ? null : t('unreachable'),
        };
      case 'step-failed':
        return { ...plain(t('step-failed', { step: event.step + 1 })), detail: problemText(event.problem) };
      case 'speed-set':
        return plain(
          event.bandwidth === 0
            ? t('speed-free', { actor: event.actor })
            : t('speed-set', { actor: event.actor, rate: quantity.rate(event.bandwidth) }),
        );
      case 'speed-refused':
        return { ...plain(t('speed-refused')), detail: problemText(event.problem) };
      case 'cancel-asked':
        return plain(t('cancel-asked', { actor: event.actor }));
      case 'resume-asked':
        return plain(
          t('resume-asked', { actor: event.actor, step: event.step + 1, fileSystem: event.fileSystem }),
        );
      case 'ended':
        return {
          ...plain(t('ended', { state: event.state })),
          detail: event.problem && problemText(event.problem),
        };
    }
  };
}
