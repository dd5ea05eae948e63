'use client';

import { useCallback } from 'react';
import type { Plan } from '../../model/kinds/plan.ts';
import { useFleet } from '../live/use-fleet.ts';

/** What people call the hosts of a plan, by id. A host that was removed goes by its URI. */
export function useHostNames(): (plan: Plan) => (id: string) => string {
  const { hosts } = useFleet();
  return useCallback(
    ({ uris }) =>
      (id) =>
        hosts.find((host) => host.id === id)?.name ?? uris[id] ?? id,
    [hosts],
  );
}
