import { type Part, reportOf, runLanes } from './test-lanes.ts';

// `npm run test:releases [-- SUITE...]`: what may differ by the version of libvirt and QEMU, on other releases of Debian.

const SUITES = ['trixie', 'sid'];

const LAB = [
  'smoke',
  'snapshot/',
  'commit/merge-down',
  'flatten/accuracy',
  'flatten/flatten',
  'move/',
  'migrate/migrate.lab',
  'migrate/migrate-refusals',
  'orphans/',
  'crash/crash-flatten',
  'crash/faults',
].map((part) => `test/integration/${part}`);

/** The guide's rows in the browser. */
const BROWSER = '/(a[1-4]|p[1-3])-';

/** Here everything is installed and built; the release has a libvirt, a QEMU and a browser of its own. */
function partsOf(suite: string): readonly Part[] {
  const inRelease = (what: string, ...command: readonly [string, ...string[]]): Part => ({
    name: `${suite} ${what}`,
    command: ['bin/in-release', suite, ...command],
  });
  return [
    inRelease('lab', 'node_modules/.bin/vitest', 'run', '--project', 'lab', ...LAB),
    inRelease('browser', 'node_modules/.bin/playwright', 'test', BROWSER),
  ];
}

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interruption.abort());

const wanted = process.argv.length > 2 ? process.argv.slice(2) : SUITES;
const began = Date.now();
const results = await runLanes([wanted.flatMap(partsOf)], (text) => console.log(text), interruption.signal);
console.log(reportOf(results, Math.round((Date.now() - began) / 1000)));
process.exitCode = results.every(({ passed }) => passed === true) ? 0 : 1;
