import { build, freePort, serve } from './dashboard.ts';

// `npm start`: the dashboard for this machine's libvirt, or the hosts that BACKCHAIN_HOSTS names.

const wanted = Number(process.env.PORT ?? 3000);
await build((line) => console.log(line));
const port = await freePort(wanted);
if (port !== wanted) {
  console.error(`Port ${wanted} is in use. Name another: PORT=${port} npm start`);
  process.exit(1);
}
const dashboard = await serve({ port, env: {}, log: 'inherit' });
console.log(`Backchain: ${dashboard.origin}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void dashboard.stop());
process.exit(await dashboard.ended);
