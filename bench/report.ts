/** Where the results stand in a document, between two lines that nobody sees. */
const BEGIN = '<!-- bench: what follows is written by npm run bench -- --markdown -->';
const END = '<!-- bench: end -->';

/** The document with what stood between the markers replaced. Throws where it has no markers. */
export function withResults(document: string, results: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`The document lacks the lines "${BEGIN}" and "${END}"`);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${results.trim()}\n\n${document.slice(end)}`;
}
