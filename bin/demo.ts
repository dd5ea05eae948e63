import { rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { down, type Lab, up } from '../lab/lab.ts';
import { build, type Dashboard, freePort, serve } from './dashboard.ts';
import { isOnlyOne } from './only-one.ts';

// `npm run demo`: a private libvirt with real guests, and the dashboard on it, until Ctrl-C. Nothing of it stays.

const say = (line: string) => console.log(line);
const wanted = Number(process.env.PORT ?? 3000);
const dir = join(tmpdir(), `backchain-demo-${userInfo().uid}`);
const socket = `${dir}.sock`;
const state = `${dir}-state`;
const interruption = new AbortController();
let lab: Promise<Lab> | null = null;
let dashboard: Dashboard | null = null;
let ending: Promise<void> | null = null;

if (!(await isOnlyOne(socket))) {
  console.error('A demo of yours already runs. Use that one, or end it with Ctrl-C first.');
  process.exit(1);
}

function end(code: number): Promise<void> {
  ending ??= (async () => {
    say('\nTaking the dashboard and the lab down.');
    interruption.abort();
    await dashboard?.stop();
    // On its way up, the lab ends what it has begun and clears it away by itself.
    await Promise.allSettled([lab]);
    await down({ dir });
    await Promise.all([state, socket].map((path) => rm(path, { recursive: true, force: true })));
    process.exit(code);
  })();
  return ending;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0));

try {
  // An earlier demo that was killed left its people and sessions here.
  await rm(state, { recursive: true, force: true });
  lab = up({ dir, say, signal: interruption.signal });
  const [{ hosts: daemons }] = await Promise.all([lab, build(say, interruption.signal)]);
  const port = await freePort(wanted);
  if (port !== wanted) say(`Port ${wanted} is in use; the dashboard takes ${port}.`);
  const hosts = daemons.map(({ name, uri }) => `${name}=${uri}`).join(',');
  dashboard = await serve({
    port,
    env: { BACKCHAIN_HOSTS: hosts, BACKCHAIN_STATE: state, BACKCHAIN_LOG: 'warn' },
    log: 'inherit',
  });
  say('The guests, for virsh:');
  for (const { name, uri } of daemons) say(`  ${name}: virsh -c '${uri}' list --all`);
  say(`Another sign-in link: BACKCHAIN_STATE=${state} npm run sign-in-link`);
  say(
    `Backchain runs at ${dashboard.origin}; the link above signs you in. Ctrl-C ends it and takes everything down.`,
  );
  const code = await dashboard.ended;
  if (ending === null) say(`The dashboard ended by itself, with code ${code}.`);
  await end(1);
} catch (error) {
  if (ending === null) console.error(error instanceof Error ? error.message : error);
  await end(1);
}
