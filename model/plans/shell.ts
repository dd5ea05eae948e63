const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** A POSIX shell word for exactly this text. */
export function shellWord(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** One command line. */
export function shellCommand(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}
