import { isPassed, type Lane, type Part, reportOf, runLanes } from './test-lanes.ts';

// `npm test` and `npm run test:quick`: run the parts of the tests, and say at the end what took how long.

const script = (name: string, ...args: readonly string[]): Part => ({
  name,
  command: ['npm', 'run', '--silent', name, ...(args.length === 0 ? [] : ['--', ...args])],
});

const LANES: Readonly<Record<string, readonly Lane[]>> = {
  // One after the other: guests, daemons and browsers fill two cores, and beside each other each waits for all.
  all: [[script('check'), script('test:unit'), script('test:lab'), script('test:e2e')]],
  // The guide's rows by their browser tests, and each kind of operation once.
  quick: [
    [script('test:lab', 'test/integration/smoke.lab.test.ts', '--maxWorkers=1'), script('test:unit')],
    [script('test:e2e', '/(a[1-4]|p[1-3])-')],
  ],
};

const wanted = process.argv[2] ?? 'all';
const lanes = LANES[wanted];
if (lanes === undefined) {
  console.error(`usage: node bin/test.ts [${Object.keys(LANES).join('|')}]`);
  process.exit(2);
}

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interruption.abort());

const began = Date.now();
const results = await runLanes(lanes, (text) => console.log(text), interruption.signal);
console.log(reportOf(results, Math.round((Date.now() - began) / 1000)));
process.exitCode = isPassed(results) && !interruption.signal.aborted ? 0 : 1;
