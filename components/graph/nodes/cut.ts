/** Names of layers differ at the end as often as at the beginning, so a long one is cut in the middle. */
const KEPT_END = 11;

/** As much of a name as fits, an ellipsis for what is left out. */
export function cut(name: string, fits: (text: string) => boolean): string {
  if (fits(name)) return name;
  const letters = [...name];
  const end = letters.slice(-KEPT_END).join('');
  for (let head = letters.length - KEPT_END - 1; head > 0; head--) {
    const text = `${letters.slice(0, head).join('')}…${end}`;
    if (fits(text)) return text;
  }
  return `…${end}`;
}
