'use client';

import { useEffect, useState } from 'react';

/** The value once it has not changed for so many milliseconds; the first one, and none, at once. */
export function useSettled<T>(value: T | null, ms: number): T | null {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  if (settled === value) return settled;
  if (settled === null || value === null) {
    setSettled(value);
    return value;
  }
  return settled;
}
