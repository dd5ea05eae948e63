'use client';

import { useTranslations } from 'next-intl';
import type { Operation } from '../../model/operation.ts';
import { type HistoryFilter, STATES } from './history-filter.ts';

/** Offers what the history holds. */
export function HistoryFilters({
  operations,
  filter,
  onChange,
}: {
  operations: readonly Operation[];
  filter: HistoryFilter;
  onChange: (filter: HistoryFilter) => void;
}) {
  const t = useTranslations('operations');
  const guests = new Map(operations.map(({ plan }) => [plan.guest.uuid, plan.guestName]));
  const hosts = new Map(operations.map(({ plan, hostName }) => [plan.guest.hostId, hostName]));
  const states = STATES.map((state) => [state, t('state', { state })] as const);
  return (
    <fieldset className="flex flex-wrap gap-2">
      <legend className="sr-only">{t('filters')}</legend>
      <Select
        label={t('guest')}
        any={t('anyGuest')}
        options={[...guests]}
        value={filter.guest}
        onChange={(guest) => onChange({ ...filter, guest })}
      />
      <Select
        label={t('host')}
        any={t('anyHost')}
        options={[...hosts]}
        value={filter.host}
        onChange={(host) => onChange({ ...filter, host })}
      />
      <Select
        label={t('stateHead')}
        any={t('anyState')}
        options={states}
        value={filter.state}
        onChange={(state) => onChange({ ...filter, state })}
      />
    </fieldset>
  );
}

function Select({
  label,
  any,
  options,
  value,
  onChange,
}: {
  label: string;
  any: string;
  options: readonly (readonly [string, string])[];
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <select
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className="h-7 max-w-44 rounded-md border border-line bg-panel px-1.5"
    >
      <option value="">{any}</option>
      {options.map(([key, text]) => (
        <option key={key} value={key}>
          {text}
        </option>
      ))}
    </select>
  );
}
