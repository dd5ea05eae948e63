'use client';

import { useTranslations } from 'next-intl';
import type { Guest } from '../../model/fleet/guest.ts';
import { recordStates } from '../../model/fleet/record-state.ts';
import { RadioCards } from '../ui/radio-cards.tsx';
import { Time } from '../ui/time.tsx';

/** One of a guest's snapshots, the newest first, each with what it is worth. */
export function SnapshotChoice({
  label,
  guest,
  chosen,
  onChoose,
}: {
  label: string;
  guest: Guest;
  /** Its name; empty for none. */
  chosen: string;
  onChoose: (name: string) => void;
}) {
  const t = useTranslations('snapshotStates');
  const states = recordStates(guest);
  return (
    <RadioCards
      label={label}
      cards={guest.records.toReversed().map(({ name, createdAt, description }) => {
        const state = states.get(name) ?? 'unknown';
        return {
          value: name,
          title: name,
          figure: <span className="text-2xs text-muted">{t('label', { state })}</span>,
          hint: (
            <>
              <Time at={createdAt} />
              {description !== null && ` · ${description}`}
              {` · ${t('hint', { state })}`}
            </>
          ),
          disabled: false,
        };
      })}
      value={chosen}
      onChange={onChoose}
    />
  );
}
