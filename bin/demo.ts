import { rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { LabError, textOf } from '../lab/error.ts';
import { down, type Lab, up } from '../lab/lab.ts';
import { wantedGuests } from '../lab/wanted-guests.ts';
import { build, type Dashboard, endText, serve } from './dashboard.ts';
import { isOnlyOne } from './only-one.ts';
import { freePort, wantedPort } from './port.ts';

// `npm run demo`: a private libvirt with real guests, and the dashboard on it, until Ctrl-C. Nothing of it stays.

/** A dashboard that ends sooner than this after its start would do so again, milliseconds. */
const SOON_MS = 10_000;
const say = (line: string) => console.log(line);
// Short: guests' sockets are below it, and a socket's path has at most 107 bytes.
const dir = join(tmpdir(), `bc-demo-${userInfo().uid}`);
const state = `${dir}-state`;
const interruption = new AbortController();
const { signal } = interruption;
let lab: Promise<Lab> | null = null;
let built: Promise<void> | null = null;
let served: Promise<Dashboard> | null = null;
let ending: Promise<void> | null = null;

if (!(await isOnlyOne(dir))) {
  console.error('A demo of yours already runs. Use that one, or end it with Ctrl-C first.');
  process.exit(1);
}

function end(code: number): Promise<void> {
  ending ??= takeDown(code).then(
    () => process.exit(code),
    (error: unknown) => {
      report(error);
      process.exit(1);
    },
  );
  return ending;
}

async function takeDown(code: number): Promise<void> {
  if (code === 0 || served !== null) say('\nTaking the dashboard and the lab down.');
  interruption.abort();
  // A part that still starts takes down by itself what it has begun.
  const stopped = served?.then((dashboard) => dashboard.stop());
  const [there] = await Promise.allSettled([lab, built, stopped]);
  if (there.status === 'fulfilled' && there.value !== null) await down({ dir });
  await rm(state, { recursive: true, force: true });
}

function report(error: unknown): void {
  const code = error instanceof LabError ? error.code : '';
  const elsewhere: Readonly<Record<string, string>> = {
    'not-a-lab': `${dir} exists and is not a demo's, or not yours. Use another folder for the demo: TMPDIR=/var/tmp npm run demo`,
    'path-too-long': `${tmpdir()} is too long a path for the sockets of guests. Name a shorter one: TMPDIR=/tmp npm run demo`,
  };
  console.error(elsewhere[code] ?? textOf(error));
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => void end(0));

try {
  const wanted = wantedPort(process.env.PORT);
  // An earlier demo that was killed left its users and sessions here.
  await rm(state, { recursive: true, force: true });
  lab = up({ dir, only: wantedGuests(), say, signal });
  built = build(say, signal);
  const [{ hosts: daemons }] = await Promise.all([lab, built]);
  const port = await freePort(wanted);
  if (port !== wanted) say(`Port ${wanted} is in use; the dashboard takes ${port}.`);
  const hosts = daemons.map(({ name, uri }) => `${name}=${uri}`).join(',');
  const env = { BACKCHAIN_HOSTS: hosts, BACKCHAIN_STATE: state, BACKCHAIN_LOG: 'warn' };
  const start = () => {
    served = serve({ port, env, log: 'inherit', signal });
    return served;
  };
  let dashboard = await start();
  let upSince = Date.now();
  say('The guests, for virsh:');
  for (const { name, uri } of daemons) say(`  ${name}: virsh -c '${uri}' list --all`);
  say(`Another sign-in link: BACKCHAIN_STATE=${state} npm run sign-in-link`);
  say(
    `Backchain runs at ${dashboard.origin}; the link above signs you in. Ctrl-C ends it and takes everything down.`,
  );
  let ended = await dashboard.ended;
  while (ending === null && Date.now() - upSince >= SOON_MS) {
    say(`The dashboard ${endText(ended)}. It starts again; running operations continue.`);
    dashboard = await start();
    upSince = Date.now();
    say(`Backchain runs at ${dashboard.origin} again.`);
    ended = await dashboard.ended;
  }
  if (ending === null) say(`The dashboard ${endText(ended)}, less than ${SOON_MS / 1000} s after it was up.`);
  await end(1);
} catch (error) {
  if (ending === null) report(error);
  await end(1);
}
