'use client';

import { useTranslations } from 'next-intl';
import type { OperationFacets } from '../../model/operation/operation.ts';
import { OPERATION_STATES } from '../../model/operation/operation.ts';
import type { HistoryFilter } from '../address/history.ts';
import { useFleet } from '../live/use-fleet.ts';

/** Offers what the history holds. */
export function HistoryFilters({
  facets,
  filter,
  onChange,
}: {
  facets: OperationFacets;
  filter: HistoryFilter;
  onChange: (filter: HistoryFilter) => void;
}) {
  const t = useTranslations('operations');
  const known = useFleet().hosts;
  const guests = facets.guests.map(({ uuid, name }) => [uuid, name] as const);
  const hosts = facets.hostIds.map((id) => [id, known.find((host) => host.id === id)?.name ?? id] as const);
  const states = OPERATION_STATES.map((state) => [state, t('state', { state })] as const);
  const actors = facets.actors.map((actor) => [actor, actor] as const);
  return (
    <fieldset className="flex flex-wrap gap-2">
      <legend className="sr-only">{t('filters')}</legend>
      <Select
        label={t('guest')}
        any={t('anyGuest')}
        options={guests}
        value={filter.guest}
        onChange={(guest) => onChange({ ...filter, guest })}
      />
      <Select
        label={t('host')}
        any={t('anyHost')}
        options={hosts}
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
      <Select
        label={t('actor')}
        any={t('anyActor')}
        options={actors}
        value={filter.actor}
        onChange={(actor) => onChange({ ...filter, actor })}
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
