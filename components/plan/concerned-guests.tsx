'use client';

import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import type { ImageUser } from '../../model/fleet/sharing.ts';

const NONE: ReadonlySet<string> = new Set();
const Concerned = createContext<ReadonlySet<string>>(NONE);
const Concern = createContext<(guests: ReadonlySet<string>) => void>(() => {});

/** Which guests depend on images of the plan in view: set by the plan, highlighted in the fleet. */
export function ConcernedGuestsProvider({ children }: { children: ReactNode }) {
  const [guests, setGuests] = useState(NONE);
  return (
    <Concern value={setGuests}>
      <Concerned value={guests}>{children}</Concerned>
    </Concern>
  );
}

/** Their ids, as the fleet's rows have them. */
export function useConcernedGuests(): ReadonlySet<string> {
  return useContext(Concerned);
}

/** Highlights these guests for as long as the component is mounted. */
export function useConcern(users: readonly Pick<ImageUser, 'hostId' | 'uuid'>[]): void {
  const concern = useContext(Concern);
  const key = users.map(({ hostId, uuid }) => `${hostId}/${uuid}`).join(' ');
  const guests = useMemo(() => (key === '' ? NONE : new Set(key.split(' '))), [key]);
  useEffect(() => {
    concern(guests);
    return () => concern(NONE);
  }, [concern, guests]);
}
