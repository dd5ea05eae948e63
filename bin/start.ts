import { build, endText, serve } from './dashboard.ts';
import { freePort, wantedPort } from './port.ts';

// `npm start`: the dashboard for this machine's libvirt, or the hosts that BACKCHAIN_HOSTS names.

const interruption = new AbortController();
const { signal } = interruption;
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interruption.abort());

try {
  const wanted = wantedPort(process.env.PORT);
  await build((line) => console.log(line), signal);
  const port = await freePort(wanted);
  if (port !== wanted) throw new Error(`Port ${wanted} is in use. Name another: PORT=${port} npm start`);
  const dashboard = await serve({ port, env: {}, log: 'inherit', signal });
  signal.addEventListener('abort', () => void dashboard.stop());
  console.log(`Backchain: ${dashboard.origin}`);
  const ended = await dashboard.ended;
  if (!signal.aborted) console.error(`The dashboard ${endText(ended)}.`);
  process.exitCode = ended.code ?? 1;
} catch (error) {
  if (!signal.aborted) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
