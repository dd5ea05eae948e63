import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Versions } from '../model/fleet/capabilities.ts';
import { withRelease } from './compatibility.ts';
import { isPassed, type Part, reportOf, runLanes } from './test-lanes.ts';

// `npm run test:releases [-- SUITE...]`: what may differ by the version of libvirt and QEMU, on other releases of Debian. What
// passed is noted in docs/compatibility.md.

const SUITES = ['trixie', 'sid'];
const NAMES = new Map([
  ['bookworm', 'Debian 12'],
  ['trixie', 'Debian 13'],
  ['forky', 'Debian 14'],
  ['sid', 'Debian sid'],
]);
const DOCUMENT = join(import.meta.dirname, '../docs/compatibility.md');

const folderOf = (suite: string) => `.state/releases/${suite}`;

/** Here everything is installed and built; the release has a libvirt, a QEMU and a browser of its own. */
const partOf = (suite: string): Part => ({
  name: suite,
  command: ['bin/in-release', suite, 'node', 'bin/test-release.ts', folderOf(suite)],
});

/** Notes what `bin/test-release.ts` says that it proved of a release. */
async function note(suite: string): Promise<void> {
  const text = await readFile(join(folderOf(suite), 'proved.json'), 'utf8');
  const found: Versions & { readonly proved: Readonly<Record<string, number>> } = JSON.parse(text);
  const release = {
    ...found,
    name: NAMES.get(suite) ?? suite,
    proved: new Map(Object.entries(found.proved)),
  };
  await writeFile(DOCUMENT, withRelease(await readFile(DOCUMENT, 'utf8'), release));
}

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interruption.abort());

const suites = process.argv.length > 2 ? process.argv.slice(2) : SUITES;
const began = Date.now();
const results = await runLanes([suites.map(partOf)], (text) => console.log(text), interruption.signal);
for (const { name, passed } of results) if (passed === true) await note(name);
console.log(reportOf(results, Math.round((Date.now() - began) / 1000)));
process.exitCode = isPassed(results) && !interruption.signal.aborted ? 0 : 1;
