/** Matches a text that begins with these words as they stand; `then` is what has to follow them. */
export function exactly(words: string, then = ''): RegExp {
  return new RegExp(`^${(words + then).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
}
