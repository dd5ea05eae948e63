import { useSyncExternalStore } from 'react';

const DARK = '(prefers-color-scheme: dark)';

/** The theme that the colours depend on: a canvas has to be drawn again when it changes. */
export function useTheme(): string {
  return useSyncExternalStore(watch, now);
}

function now(): string {
  return `${document.documentElement.dataset.theme} ${matchMedia(DARK).matches}`;
}

function watch(changed: () => void): () => void {
  const scheme = matchMedia(DARK);
  const root = new MutationObserver(changed);
  root.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  scheme.addEventListener('change', changed);
  return () => {
    root.disconnect();
    scheme.removeEventListener('change', changed);
  };
}
