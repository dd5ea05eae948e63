import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { build } from '../../bin/dashboard.ts';
import { freePort } from '../../bin/port.ts';
import { atMost } from '../measurement.ts';
import { median } from '../percentile.ts';
import type { Bench, Row } from '../row.ts';

/** `npm run demo` where everything is installed and built: from the command to the line that says where the dashboard runs. */
export const demoStart: Row = {
  name: 'demo-start',
  async run(bench) {
    const stopped = new AbortController();
    bench.stack.defer(() => stopped.abort());
    await build(bench.say, stopped.signal);
    // Not in TMPDIR: guests' sockets need a short path.
    const folder = await mkdtemp('/tmp/bc-');
    bench.stack.defer(() => rm(folder, { recursive: true, force: true }));
    const seconds: number[] = [];
    for (let round = 0; round < bench.rounds(5); round++) seconds.push(await start(bench, folder));
    return [
      atMost(
        'A second start of the demo, from npm run demo to its address',
        Math.max(...seconds),
        { unit: 's', goal: 15 },
        `slowest of ${seconds.length}, median ${median(seconds).toFixed(1)} s; no demo was there before`,
      ),
    ];
  },
};

/** Starts the demo and ends it again; resolves to how many seconds the start took. */
async function start({ stack }: Bench, folder: string): Promise<number> {
  const env = { ...process.env, TMPDIR: folder, PORT: String(await freePort(3480)) };
  const began = performance.now();
  // npm's own start is part of what people wait for. It passes signals on.
  const demo = spawn('npm', ['run', 'demo'], { env, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const ended = once(demo, 'close');
  const end = async () => {
    interrupt(demo);
    await ended;
  };
  stack.defer(end);
  for await (const line of createInterface({ input: demo.stdout })) {
    if (!line.startsWith('Backchain runs at ')) continue;
    const took = (performance.now() - began) / 1000;
    await end();
    return took;
  }
  throw new Error('The demo ended without saying where it runs');
}

/** Ctrl-C, which a terminal sends to all that it runs. */
function interrupt({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGINT');
}
