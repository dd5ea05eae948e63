'use client';

import { useTranslations } from 'next-intl';
import { createContext, useContext, useState } from 'react';
import { Choice } from '../ui/choice.tsx';
import { type Theme, themeFrom } from './theme.ts';

/** How a choice is remembered; the page knows. */
export const KeepTheme = createContext<(theme: Theme) => Promise<void>>(async () => {});

/** Light, dark, or as the system has it. Drawn in the browser only, where the root element knows the choice. */
export function ThemeChoice() {
  const t = useTranslations('app');
  const keep = useContext(KeepTheme);
  const [theme, setTheme] = useState(() => themeFrom(document.documentElement.dataset.theme));

  function choose(chosen: Theme) {
    setTheme(chosen);
    document.documentElement.dataset.theme = chosen;
    void keep(chosen);
  }

  return (
    <Choice
      label={t('theme')}
      value={theme}
      onChange={choose}
      options={[
        { value: 'auto', label: t('themeAuto') },
        { value: 'light', label: t('themeLight') },
        { value: 'dark', label: t('themeDark') },
      ]}
    />
  );
}
