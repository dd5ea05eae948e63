import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { machine } from './machine.ts';
import type { Measurement } from './measurement.ts';
import { withResults } from './report.ts';
import type { Row } from './row.ts';
import { rows } from './rows.ts';
import { markdownTable, plainTable } from './table.ts';

const DOCUMENT = 'docs/benchmarks.md';
/** Milliseconds that a stopped row gets to notice. */
const LONGEST_END = 10_000;
const USAGE = `usage: npm run bench -- [NAME…] [options]
  NAME         ${rows.map(({ name }) => name).join(', ')}; default all
options:
  --json FILE  also write the results as JSON
  --markdown   also write the results into ${DOCUMENT}; all rows must run
  --quick      few repetitions: a first impression, nothing to quote`;

const say = (line: string) => process.stderr.write(`bench: ${line}\n`);
/** What the running row has started, and whether somebody wants it to end. */
let stack = new AsyncDisposableStack();
let stopped = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stopped) return;
    stopped = true;
    say('stopped; taking everything down');
    // The row fails when what it uses is gone; it may still be bringing something up, which is taken down then.
    const end = () => process.exit(130);
    stack
      .disposeAsync()
      .then(() => Promise.race([running, delay(LONGEST_END)]))
      .then(end, (error: unknown) => {
        console.error(error);
        end();
      });
  });
}

const running = main();
process.exitCode = await running;

/** 0 when every goal is met, 1 when one is not or a row failed, 2 when it was called wrongly. */
async function main(): Promise<number> {
  const options = read();
  if (options === null) {
    console.error(USAGE);
    return 2;
  }
  const { chosen, json, markdown, quick } = options;
  const measurements: Measurement[] = [];
  const failed: string[] = [];
  for (const row of chosen) {
    try {
      measurements.push(...(await measure(row, quick)));
    } catch (error) {
      if (stopped) return 130;
      failed.push(row.name);
      console.error(`bench: ${row.name} failed:`, error);
    }
  }
  console.log(plainTable(measurements));
  if (failed.length > 0) console.error(`No result from: ${failed.join(', ')}`);
  if (json !== undefined) {
    const bare = measurements.map(({ name, value, unit, goal, ok }) => ({ name, value, unit, goal, ok }));
    await writeFile(json, `${JSON.stringify(bare, undefined, 2)}\n`);
  }
  if (markdown && failed.length === 0) {
    const results = `${await machine()}\n\n${markdownTable(measurements)}`;
    await writeFile(DOCUMENT, withResults(await readFile(DOCUMENT, 'utf8'), results));
  }
  return failed.length === 0 && measurements.every(({ ok }) => ok) ? 0 : 1;
}

async function measure(row: Row, quick: boolean): Promise<readonly Measurement[]> {
  say(row.name);
  const began = performance.now();
  stack = new AsyncDisposableStack();
  const rounds = (wanted: number) => (quick ? Math.max(2, Math.ceil(wanted / 10)) : wanted);
  const span = (seconds: number) => 1000 * (quick ? Math.max(12, seconds / 5) : seconds);
  try {
    return await row.run({ stack, rounds, span, say: (line) => say(`  ${line}`) });
  } finally {
    await stack.disposeAsync();
    say(`  ${((performance.now() - began) / 1000).toFixed(0)} s`);
  }
}

function read() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'string' },
        markdown: { type: 'boolean', default: false },
        quick: { type: 'boolean', default: false },
      },
    });
    const chosen = rows.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
    const known = positionals.every((name) => rows.some((row) => row.name === name));
    // A document says what a whole, full run measured.
    const partial = values.quick || chosen.length < rows.length;
    return known && !(values.markdown && partial) ? { ...values, chosen } : null;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return null;
  }
}
