import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { versions } from '../lab/capabilities.ts';
import { BROWSER, LAB, provedBy } from './subjects.ts';
import { isPassed, runLanes } from './test-lanes.ts';

// `node bin/test-release.ts FOLDER`: the tests of `npm run test:releases`, on the release that it runs on. If all pass, the folder
// then has a file `proved.json`, which says what that release has and how many tests of each subject passed on it.

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node bin/test-release.ts FOLDER');
  process.exit(2);
}
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const reports = { lab: join(folder, 'lab.json'), browser: join(folder, 'browser.json') };

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interruption.abort());

const results = await runLanes(
  [
    [
      {
        name: 'lab',
        command: [
          ...(['npm', 'run', '--silent', 'test:lab', '--'] as const),
          ...['--reporter=default', '--reporter=json', `--outputFile.json=${reports.lab}`],
          ...LAB,
        ],
      },
      {
        name: 'browser',
        command: [
          ...(['env', `PLAYWRIGHT_JSON_OUTPUT_FILE=${reports.browser}`] as const),
          ...['npm', 'exec', '--no', '--', 'playwright', 'test', '--reporter=list,json', BROWSER.files],
        ],
      },
    ],
  ],
  (text) => console.log(text),
  interruption.signal,
);
if (isPassed(results) && !interruption.signal.aborted) {
  const [lab, browser] = await Promise.all(
    [reports.lab, reports.browser].map((path) => readFile(path, 'utf8')),
  );
  const proved = Object.fromEntries(provedBy(lab ?? '', browser ?? ''));
  await writeFile(join(folder, 'proved.json'), JSON.stringify({ ...(await versions()), proved }));
} else {
  process.exitCode = 1;
}
