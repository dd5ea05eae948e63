/** Matches a text that begins with exactly these words; `then` has to follow them. */
export function exactly(words: string, then = ''): RegExp {
  return new RegExp(`^${(words + then).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
}
