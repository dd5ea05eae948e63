'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useEffectEvent, useState } from 'react';
import type { Disk } from '../../model/fleet/disk.ts';
import type { Host } from '../../model/fleet/host.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import type { MigrateIntent, MovedTo } from '../../model/plans/migrate/migrate-intent.ts';
import { movesStorage } from '../../model/plans/migrate/moved-disk.ts';
import { useFleet } from '../live/use-fleet.ts';
import { CheckField } from '../ui/check-field.tsx';
import { SelectField } from '../ui/select-field.tsx';
import type { FormProps } from './action.ts';
import { MovedDiskFields } from './moved-disk-fields.tsx';

/** Where a guest is to go, and what becomes of its storage. */
export default function MigrateForm({ at, plan, onIntent }: FormProps) {
  const t = useTranslations('actions');
  const others = useFleet().hosts.filter(({ id }) => id !== at.host.id);
  const first = others.find(({ state }) => state === 'connected') ?? others[0];
  if (first === undefined) return <p className="text-muted">{t('impossible.noOtherHost')}</p>;
  return <Fields at={at} plan={plan} onIntent={onIntent} others={others} first={first.id} />;
}

function Fields({
  at: { guest },
  plan,
  onIntent,
  others,
  first,
}: FormProps & { others: readonly Host[]; first: string }) {
  const t = useTranslations('actions.migrate');
  const [intent, setIntent] = useState<MigrateIntent>({
    kind: 'migrate',
    to: first,
    disks: [],
    pull: true,
    forgetFirst: true,
  });
  const tell = useEffectEvent(onIntent);
  useEffect(() => tell(intent), [intent]);

  function place({ target }: Disk, change: Partial<MovedTo>) {
    const known = intent.disks.find((disk) => disk.target === target) ?? { target, file: null, from: null };
    const rest = intent.disks.filter((disk) => disk.target !== target);
    setIntent({ ...intent, disks: [...rest, { ...known, ...change }] });
  }

  return (
    <div className="flex flex-col gap-4">
      <SelectField
        label={t('to')}
        value={intent.to}
        options={others.map(({ id, name, state }) => ({
          value: id,
          label: state === 'connected' ? name : t('notConnected', { host: name }),
        }))}
        // A path is one of that host.
        onChange={(to) => setIntent({ ...intent, to, disks: [] })}
      />
      {guest.disks.filter(movesStorage).map((disk) => (
        <MovedDiskFields
          key={`${intent.to} ${disk.target}`}
          disk={disk}
          intent={intent}
          plan={answering(plan, intent)}
          onChange={(change) => place(disk, change)}
        />
      ))}
      <CheckField
        label={t('pull')}
        hint={t('pullHint')}
        checked={intent.pull}
        onChange={(pull) => setIntent({ ...intent, pull })}
      />
      {guest.records.length > 0 && (
        <CheckField
          label={t('forgetFirst', { count: guest.records.length })}
          hint={t('forgetFirstHint')}
          checked={intent.forgetFirst}
          onChange={(forgetFirst) => setIntent({ ...intent, forgetFirst })}
        />
      )}
    </div>
  );
}

/** The plan, where it is about the host that is chosen now. */
function answering(plan: Plan | null, { to }: MigrateIntent): Plan | null {
  return plan?.intent.kind === 'migrate' && plan.intent.to === to ? plan : null;
}
