/** What a colour says: green is well, amber wants attention, red is in danger; the accent is work, grey is rest. */
export type Tone = 'ok' | 'warn' | 'bad' | 'accent' | 'muted';

export const INK: Readonly<Record<Tone, string>> = {
  ok: 'text-ok',
  warn: 'text-warn',
  bad: 'text-bad',
  accent: 'text-accent',
  muted: 'text-muted',
};
