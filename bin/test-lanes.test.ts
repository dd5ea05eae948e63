import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { isPassed, type Part, reportOf, runLanes } from './test-lanes.ts';

const shell = (name: string, script: string): Part => ({ name, command: ['sh', '-c', script] });

async function ran(lanes: readonly (readonly Part[])[], signal = new AbortController().signal) {
  const said: string[] = [];
  const results = await runLanes(lanes, (text) => said.push(text), signal);
  return { results, said, passed: isPassed(results) };
}

test('all pass where each part does', async () => {
  const { results, passed } = await ran([[shell('a', 'true'), shell('b', 'true')], [shell('c', 'true')]]);
  expect(results.map((part) => [part.name, part.passed])).toEqual([
    ['a', true],
    ['b', true],
    ['c', true],
  ]);
  expect(passed).toBe(true);
});

test.each([
  ['ends with another code', 'exit 3'],
  ['is killed', 'kill -9 $$'],
  ['can’t be started', null],
])('one part that %s fails the whole, and all others run', async (_, script) => {
  const bad: Part = script === null ? { name: 'bad', command: ['/no/such/program'] } : shell('bad', script);
  const { results, passed } = await ran([[bad, shell('after', 'true')], [shell('beside', 'true')]]);
  expect(results.map((part) => [part.name, part.passed])).toEqual([
    ['bad', false],
    ['after', true],
    ['beside', true],
  ]);
  expect(passed).toBe(false);
});

test('what parts print beside each other is not mixed', async () => {
  const print = (name: string) =>
    shell(name, `for i in 1 2 3; do echo ${name} $i; sleep 0.02; done; echo ${name} 4 >&2`);
  const { said } = await ran([[print('left')], [print('right')]]);
  for (const name of ['left', 'right']) {
    expect(said.filter((text) => text.includes(`${name} 1`))).toEqual([
      expect.stringContaining(`${name} 1\n${name} 2\n${name} 3\n${name} 4\n`),
    ]);
  }
});

test('the report has each tool’s own counts', async () => {
  const vitest =
    "printf '\\033[2m Test Files \\033[22m 2 passed (2)\\n      Tests  1 failed | 7 passed (8)\\n   Duration  3 s\\n'; exit 1";
  const playwright = "printf '  ok 1 a 2 passed test\\n  1 failed\\n  12 passed (3.4m)\\n'; exit 1";
  const { results } = await ran([[shell('unit', vitest)], [shell('e2e', playwright)]]);
  expect(reportOf(results, 7).split('\n').slice(-7)).toEqual([
    expect.stringMatching(/^unit {2}FAILED +\d s$/),
    '      Test Files  2 passed (2)',
    '      Tests  1 failed | 7 passed (8)',
    expect.stringMatching(/^e2e {3}FAILED +\d s$/),
    '      1 failed',
    '      12 passed (3.4m)',
    'all   FAILED       7 s',
  ]);
});

test('the report says what failed and why, after all that passed', async () => {
  const vitest =
    "printf ' \\342\\234\\223 passes\\n FAIL  unit a.test.ts > adds\\nAssertionError: expected 1 to be 2\\n\\n'; exit 1";
  const playwright =
    "printf '  1) e2e/a.spec.ts:1:1 > opens\\n\\n    Error: not found\\n  1 failed\\n'; exit 1";
  const passing = "printf ' FAIL  is a word of a test that passes\\n'";
  const { results } = await ran([[shell('unit', vitest), shell('e2e', playwright), shell('lab', passing)]]);
  expect(reportOf(results, 7).split('\n').slice(0, 8)).toEqual([
    '==== failed in unit ====',
    ' FAIL  unit a.test.ts > adds',
    'AssertionError: expected 1 to be 2',
    '',
    '==== failed in e2e ====',
    '  1) e2e/a.spec.ts:1:1 > opens',
    '    Error: not found',
    '  1 failed',
  ]);
});

test('regression: the report did not say why a part failed before its first test', async () => {
  const { results } = await ran([[shell('lab', "printf 'Error: the lab is not yours\\n\\n'; exit 1")]]);
  expect(reportOf(results, 7).split('\n').slice(0, 3)).toEqual([
    '==== failed in lab ====',
    'Error: the lab is not yours',
    '',
  ]);
});

test('an interrupted run ends what runs, waits for it to clear away, and starts no more', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'backchain-lanes-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [begun, cleared, later] = ['begun', 'cleared', 'later'].map((name) => join(folder, name));
  const interruption = new AbortController();
  const run = ran(
    [
      [
        shell('long', `trap 'touch ${cleared}; exit 0' INT; touch ${begun}; while :; do sleep 0.05; done`),
        shell('later', `touch ${later}`),
      ],
    ],
    interruption.signal,
  );
  while (!existsSync(begun ?? '')) await delay(10);
  interruption.abort();
  const { results, passed } = await run;
  expect(existsSync(cleared ?? '')).toBe(true);
  expect(existsSync(later ?? '')).toBe(false);
  expect(results.at(-1)?.passed).toBe(null);
  expect(passed).toBe(false);
});
