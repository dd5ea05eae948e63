/** Cuts a name that would fill a paragraph in the middle, since names of layers differ at the end as often as at the beginning. */
export function shortened(name: string, most = 40): string {
  const letters = [...name];
  if (letters.length <= most) return name;
  const end = Math.floor(most / 2);
  return `${letters.slice(0, most - end - 1).join('')}…${letters.slice(-end).join('')}`;
}
