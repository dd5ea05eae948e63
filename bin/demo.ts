import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultDir, down, up } from '../lab/lab.ts';
import { build, type Dashboard, freePort, serve } from './dashboard.ts';

// `npm run demo`: a private libvirt with real guests, and the dashboard on it, until Ctrl-C. Nothing of it stays.

const say = (line: string) => console.log(line);
const wanted = Number(process.env.PORT ?? 3000);
const dir = defaultDir();
const state = await mkdtemp(join(tmpdir(), 'backchain-demo-'));
let dashboard: Dashboard | null = null;
let ending: Promise<void> | null = null;

function end(code: number): Promise<void> {
  ending ??= (async () => {
    say('\nTaking the dashboard and the lab down.');
    await dashboard?.stop();
    await down({ dir });
    await rm(state, { recursive: true, force: true });
    process.exit(code);
  })();
  return ending;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0));

try {
  const [lab] = await Promise.all([up({ dir, say }), build(say)]);
  const port = await freePort(wanted);
  if (port !== wanted) say(`Port ${wanted} is in use; the dashboard takes ${port}.`);
  const hosts = lab.hosts.map(({ name, uri }) => `${name}=${uri}`).join(',');
  dashboard = await serve({
    port,
    env: { BACKCHAIN_HOSTS: hosts, BACKCHAIN_STATE: state, BACKCHAIN_LOG: 'warn' },
    log: 'inherit',
  });
  const code = await dashboard.ended;
  if (ending === null) say(`The dashboard ended by itself, with code ${code}.`);
  await end(1);
} catch (error) {
  if (ending === null) console.error(error instanceof Error ? error.message : error);
  await end(1);
}
