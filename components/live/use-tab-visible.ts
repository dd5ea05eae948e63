'use client';

import { useEffect, useState } from 'react';

/** Milliseconds that a hidden tab goes on as before, so that a glance at another tab costs nothing. */
const PATIENCE = 10_000;

/**
 * Whether somebody may be looking at this tab. Hidden tabs let go of their stream: browsers allow six connections
 * to a host over HTTP/1.1, so that a seventh tab would never load. Shown again, the stream says what was missed.
 */
export function useTabVisible(): boolean {
  const [lookedAt, setLookedAt] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    function look() {
      clearTimeout(timer);
      if (document.visibilityState === 'visible') setLookedAt(true);
      else timer = setTimeout(() => setLookedAt(false), PATIENCE);
    }
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, []);
  return lookedAt;
}
