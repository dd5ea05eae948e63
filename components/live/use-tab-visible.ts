'use client';

import { useEffect, useState } from 'react';

/** Milliseconds after which a hidden tab counts as hidden, so that a short visit to another tab costs nothing. */
const PATIENCE = 10_000;

/**
 * Whether this tab is visible, or was a moment ago. Hidden tabs close their stream: browsers allow six connections
 * to a host over HTTP/1.1, so that a seventh tab would never load. When the tab is shown again, the stream reports what was missed.
 */
export function useTabVisible(): boolean {
  const [visible, setVisible] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    function check() {
      clearTimeout(timer);
      if (document.visibilityState === 'visible') setVisible(true);
      else timer = setTimeout(() => setVisible(false), PATIENCE);
    }
    check();
    document.addEventListener('visibilitychange', check);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', check);
    };
  }, []);
  return visible;
}
