'use client';

import { useTranslations } from 'next-intl';
import type { Plan } from '../../model/kinds/plan.ts';
import { movesStorage } from '../../model/plans/migrate/moved-disk.ts';
import type { FieldsProps } from '../plan/form-of.tsx';
import { CheckField } from '../ui/check-field.tsx';
import { SelectField } from '../ui/select-field.tsx';
import type { ActionAt } from './action.ts';
import type { MigrateValues } from './migrate-form.ts';
import { MovedDiskFields } from './moved-disk-fields.tsx';

/** Where a guest is to go, and what becomes of its storage. */
export function MigrateControls({
  at: { guest, others },
  plan,
  values,
  onChange,
}: FieldsProps<MigrateValues, ActionAt>) {
  const t = useTranslations('actions');
  const { to, file, from, pull, forget } = values;
  if (others.length === 0) return <p className="text-muted">{t('unavailable.noOtherHost')}</p>;
  return (
    <div className="flex flex-col gap-4">
      <SelectField
        label={t('migrate.to')}
        value={to}
        options={others.map(({ id, name, state }) => ({
          value: id,
          label: state === 'connected' ? name : t('migrate.notConnected', { host: name }),
        }))}
        // A path is one of that host.
        onChange={(id) => onChange({ to: id, file: new Map(), from: new Map() })}
      />
      {guest.disks.filter(movesStorage).map((disk) => (
        <MovedDiskFields
          key={`${to} ${disk.target}`}
          disk={disk}
          to={to}
          file={file.get(disk.target) ?? null}
          from={from.get(disk.target) ?? ''}
          plan={answering(plan, to)}
          onFile={(path) => onChange({ file: new Map(file).set(disk.target, path) })}
          onFrom={(path) => {
            const kept = [...from].filter(([target]) => target !== disk.target);
            onChange({ from: new Map(path === '' ? kept : [...kept, [disk.target, path]]) });
          }}
        />
      ))}
      <CheckField
        label={t('migrate.pull')}
        hint={t('migrate.pullHint')}
        checked={pull}
        onChange={(wanted) => onChange({ pull: wanted })}
      />
      {guest.records.length > 0 && (
        <CheckField
          label={t('migrate.forgetFirst', { count: guest.records.length })}
          hint={t('migrate.forgetFirstHint')}
          checked={forget}
          onChange={(wanted) => onChange({ forget: wanted })}
        />
      )}
    </div>
  );
}

/** The plan, where it is about the host that is chosen now. */
function answering(plan: Plan | null, to: string): Plan | null {
  return plan?.intent.kind === 'migrate' && plan.intent.to === to ? plan : null;
}
