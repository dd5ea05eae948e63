'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import { useEffect, useState } from 'react';
import { correctTo } from './go.ts';
import { pendingIn, type Typing, typed, written } from './typing.ts';

/** Milliseconds without another key until the address has what was typed: browsers refuse to write it at every key. */
const TYPING = 250;

export interface TypedQuery {
  /** What the address says. */
  readonly settled: URLSearchParams;
  /** The same with what is being typed into a form. */
  readonly typed: URLSearchParams;
  readonly type: (query: URLSearchParams) => void;
}

/** The query of the address, the one place where forms keep what they say. While somebody types, it is a moment behind. */
export function useTypedQuery(): TypedQuery {
  const path = usePathname();
  const settled = useSearchParams();
  const now = settled.toString();
  const [typing, setTyping] = useState<Typing | null>(null);
  const pending = pendingIn(typing, now);
  const query = pending?.query ?? null;

  useEffect(() => {
    if (query === null) return;
    const timer = setTimeout(() => {
      // Somebody went Back meanwhile, and this page has not heard of it yet.
      if (new URLSearchParams(location.search).toString() !== now) return;
      setTyping((before) => before && written(before, query));
      correctTo(query === '' ? path : `${path}?${query}`);
    }, TYPING);
    return () => clearTimeout(timer);
  }, [query, now, path]);

  return {
    settled,
    typed: query === null ? settled : new URLSearchParams(query),
    // A key may come after the address was written and before the page is drawn with that.
    type: (next) => setTyping((before) => typed(before, now, next.toString())),
  };
}
