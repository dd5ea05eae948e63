'use client';

import { useTranslations } from 'next-intl';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useFleetSearch } from '../fleet/fleet-search.tsx';
import { focusFirstRow, openOnlyRow } from '../fleet/rows.ts';
import { TextInput } from '../ui/text-input.tsx';

/**
 * Searches the fleet. Ctrl K leads here from everywhere, the arrow down or Enter to what was found; Enter opens the only hit,
 * which ends the search.
 */
export function SearchBox({ onUse }: { onUse: () => void }) {
  const t = useTranslations('fleet');
  const { query, setQuery } = useFleetSearch();
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => {
    function onShortcut(event: globalThis.KeyboardEvent) {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    }
    window.addEventListener('keydown', onShortcut);
    return () => window.removeEventListener('keydown', onShortcut);
  }, []);

  function onKeyDown(event: KeyboardEvent) {
    const fleet = document.getElementById('fleet');
    if (event.key === 'Escape') {
      setQuery('');
    } else if (fleet && (event.key === 'ArrowDown' || event.key === 'Enter')) {
      event.preventDefault();
      if (event.key === 'Enter' && query.trim() !== '' && openOnlyRow(fleet)) setQuery('');
      else focusFirstRow(fleet);
    }
  }

  return (
    <search className="relative min-w-0 flex-1 md:w-48 lg:w-80">
      <TextInput
        ref={input}
        type="search"
        value={query}
        aria-label={t('search')}
        aria-keyshortcuts="Control+K"
        aria-controls="fleet"
        placeholder={t('search')}
        spellCheck={false}
        onChange={(text) => {
          setQuery(text);
          onUse();
        }}
        onKeyDown={onKeyDown}
        className="h-7 w-full placeholder:text-muted"
      />
      {query === '' && (
        <kbd
          aria-hidden
          className="absolute top-1/2 right-2.5 -translate-y-1/2 font-sans text-2xs text-muted max-lg:hidden"
        >
          {t('searchKeys')}
        </kbd>
      )}
    </search>
  );
}
