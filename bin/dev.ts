import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { textOf } from '../lab/error.ts';
import { defaultDir, hostsIn, keptLab, labDir, up } from '../lab/lab.ts';
import { wantedGuests } from '../lab/wanted-guests.ts';
import { endText, serveSources } from './dashboard.ts';
import { isOnlyOne } from './only-one.ts';
import { freePort, wantedPort } from './port.ts';
import { SourceChanges } from './source-changes.ts';

// `npm run dev`: the dashboard from its sources, with fast refresh, on a lab that is kept between runs.

/**
 * Code that a running server keeps: its parts are put together once for all routes, so an edit needs a new process. Both
 * sides use the model: open pages get an edit of it by fast refresh, the server by a restart.
 */
const KEPT_BY_SERVER = ['server', 'model'];
const TAKE_DOWN = 'To take it down: npm run lab -- down';
const say = (line: string) => console.log(line);
const interruption = new AbortController();
const { signal } = interruption;
const interrupted = new Promise((resolve) => signal.addEventListener('abort', resolve));
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interruption.abort());

try {
  await develop(labDir(defaultDir()));
} catch (error) {
  if (!signal.aborted) {
    console.error(textOf(error));
    process.exitCode = 1;
  }
}

async function develop(dir: string): Promise<void> {
  if (!(await isOnlyOne(`${dir}-dev`)))
    throw new Error(
      `An \`npm run dev\` of yours already uses the lab in ${dir}. Use that one, or end it first.`,
    );
  const wanted = wantedPort(process.env.PORT);
  const port = await freePort(wanted);
  if (port !== wanted) say(`Port ${wanted} is in use; the dashboard takes ${port}.`);
  const isKept = (await keptLab(dir)) !== null;
  const env = {
    // The addresses are known before the daemons run. The dashboard connects as soon as they answer.
    BACKCHAIN_HOSTS: hostsIn(dir)
      .map(({ name, uri }) => `${name}=${uri}`)
      .join(','),
    BACKCHAIN_STATE: process.env.BACKCHAIN_STATE ?? '.state/dev',
    // Warnings of unreachable hosts would say nothing new while their lab comes up.
    BACKCHAIN_LOG: process.env.BACKCHAIN_LOG ?? (isKept ? 'warn' : 'error'),
  };
  let lab: Promise<void> | null = null;
  const greet = async (origin: string) => {
    say(`Backchain runs at ${origin}. Sign in: ${await signInLink(env)}`);
    say(
      'Edits of pages show at once; an edit below server/ or model/ starts the server again. Ctrl-C ends it.',
    );
    if (isKept)
      say(`It shows the lab of an earlier run in ${dir}. For a new one: npm run lab -- reset. ${TAKE_DOWN}`);
    else lab = bringUp(dir);
  };
  try {
    await serveUntilInterrupted(port, env, greet);
  } finally {
    await lab;
  }
}

/** Serves the sources, with a new process after each edit of what a process keeps. After a failure it waits for an edit. */
async function serveUntilInterrupted(
  port: number,
  env: Readonly<Record<string, string>>,
  greet: (origin: string) => Promise<void>,
): Promise<void> {
  using changes = new SourceChanges(KEPT_BY_SERVER);
  let greeted = false;
  while (!signal.aborted) {
    const edit = new AbortController();
    const edited = changes.next().finally(() => edit.abort());
    try {
      const eitherWay = AbortSignal.any([signal, edit.signal]);
      const dashboard = await serveSources({ port, env, log: 'inherit', signal: eitherWay });
      if (greeted) say(`Backchain runs at ${dashboard.origin} again.`);
      else await greet(dashboard.origin);
      greeted = true;
      const ended = await Promise.race([
        dashboard.ended,
        edited.then(() => null),
        interrupted.then(() => null),
      ]);
      if (ended === null) await dashboard.stop();
      else say(`The dashboard ${endText(ended)}. It starts again after the next edit of its code.`);
    } catch (error) {
      if (!signal.aborted && !edit.signal.aborted) say(textOf(error));
    }
    const files = await Promise.race([edited, interrupted.then(() => null)]);
    if (files !== null) say(`The server starts again, since you changed ${files.join(', ')}.`);
  }
}

async function signInLink(env: Readonly<Record<string, string>>): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['server/auth/sign-in-link.ts'], {
    env: { ...process.env, ...env },
    signal,
  });
  return stdout.trim();
}

/** Brings a lab up beside the dashboard. Without one the dashboard still runs. */
async function bringUp(dir: string): Promise<void> {
  const sayOfLab = (line: string) => say(`lab: ${line}`);
  sayOfLab('It comes up now; the dashboard shows its hosts and guests as they appear.');
  try {
    await up({ dir, only: wantedGuests(), say: sayOfLab, signal });
    sayOfLab(`It stays when you end the dashboard. ${TAKE_DOWN}`);
  } catch (error) {
    if (!signal.aborted) sayOfLab(textOf(error));
  }
}
