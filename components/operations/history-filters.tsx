'use client';

import { useTranslations } from 'next-intl';
import type { OperationFacets } from '../../model/operation/operation.ts';
import { OPERATION_STATES } from '../../model/operation/operation.ts';
import type { HistoryFilter } from '../address/history.ts';
import { useFleet } from '../live/use-fleet.ts';
import { type Option, Select } from '../ui/select.tsx';

/** Offers the guests, hosts, states and people that the history has. */
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
  const guests = facets.guests.map(({ uuid, name }) => ({ value: uuid, label: name }));
  const hosts = facets.hostIds.map((id) => ({
    value: id,
    label: known.find((host) => host.id === id)?.name ?? id,
  }));
  const states = OPERATION_STATES.map((state) => ({ value: state, label: t('state', { state }) }));
  const actors = facets.actors.map((actor) => ({ value: actor, label: actor }));
  return (
    <fieldset className="flex flex-wrap gap-2">
      <legend className="sr-only">{t('filters')}</legend>
      <Filter
        aria-label={t('guest')}
        any={t('anyGuest')}
        options={guests}
        value={filter.guest}
        onChange={(guest) => onChange({ ...filter, guest })}
      />
      <Filter
        aria-label={t('host')}
        any={t('anyHost')}
        options={hosts}
        value={filter.host}
        onChange={(host) => onChange({ ...filter, host })}
      />
      <Filter
        aria-label={t('stateHead')}
        any={t('anyState')}
        options={states}
        value={filter.state}
        onChange={(state) => onChange({ ...filter, state })}
      />
      <Filter
        aria-label={t('actor')}
        any={t('anyActor')}
        options={actors}
        value={filter.actor}
        onChange={(actor) => onChange({ ...filter, actor })}
      />
    </fieldset>
  );
}

/** One of what the history has, or any. */
function Filter({
  any,
  options,
  ...rest
}: {
  'aria-label': string;
  any: string;
  options: readonly Option[];
  value: string;
  onChange: (value: string) => void;
}) {
  return <Select options={[{ value: '', label: any }, ...options]} className="h-7 max-w-44" {...rest} />;
}
