'use client';

import { createContext, type ReactNode, useContext, useState } from 'react';

interface FleetSearch {
  readonly query: string;
  setQuery(query: string): void;
}

const FleetSearchContext = createContext<FleetSearch>({ query: '', setQuery: () => {} });

/** What is searched for: typed in the top bar, answered by the fleet. */
export function FleetSearchProvider({ children }: { children: ReactNode }) {
  const [query, setQuery] = useState('');
  return <FleetSearchContext value={{ query, setQuery }}>{children}</FleetSearchContext>;
}

export function useFleetSearch(): FleetSearch {
  return useContext(FleetSearchContext);
}
