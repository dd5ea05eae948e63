'use server';

import { cookies } from 'next/headers';
import { THEME_COOKIE, type Theme, themeFrom } from '../components/shell/theme.ts';

const YEAR = 365 * 24 * 3600;

/** Remembers the choice in this browser, so that the next page is drawn in it at once. */
export async function keepTheme(theme: Theme): Promise<void> {
  (await cookies()).set(THEME_COOKIE, themeFrom(theme), {
    path: '/',
    maxAge: YEAR,
    sameSite: 'lax',
    httpOnly: true,
  });
}
