/** Where the results are in a document: between two invisible lines, the first of which names the command that writes them. */
const beginOf = (command: string) => `<!-- bench: what follows is written by ${command} -->`;
const END = '<!-- bench: end -->';

/** The document with what is between the markers replaced. Throws if it has no markers. */
export function withResults(
  document: string,
  results: string,
  command = 'npm run bench -- --markdown',
): string {
  const marker = beginOf(command);
  const begin = document.indexOf(marker);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`The document lacks the lines "${marker}" and "${END}"`);
  return `${document.slice(0, begin + marker.length)}\n\n${results.trim()}\n\n${document.slice(end)}`;
}
