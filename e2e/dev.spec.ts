import { stat, utimes } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { freePort } from '../bin/port.ts';
import { down, keptLab } from '../lab/lab.ts';
import { until } from '../lab/process.ts';
import { Command } from './command.ts';
import { Fleet } from './pages/fleet.ts';
import { SandboxFolder } from './sandbox-folder.ts';

// `npm run dev` itself, with a lab and a port of its own.

// It compiles pages while other tests use the processors.
const COMPILED_S = 300;
test.setTimeout(900_000);

let place: SandboxFolder;
let lab = '';

test.beforeEach(async () => {
  place = await SandboxFolder.make();
  lab = `${place.path}/lab`;
});

test.afterEach(async () => {
  await down({ dir: lab });
  await place[Symbol.asyncDispose]();
});

test('development: an edit of server code starts the server again, and only the lab stays', async ({
  page,
  context,
}, { parallelIndex }) => {
  const port = await freePort(44_000 + 100 * parallelIndex);
  await using dev = new Command('bin/dev.ts', place, {
    PORT: String(port),
    BACKCHAIN_LAB: lab,
    BACKCHAIN_LAB_GUESTS: 'app-1',
  });
  await page.goto(await dev.said(/Sign in: (\S+)/, COMPILED_S), { timeout: COMPILED_S * 1000 });
  await expect(new Fleet(page).guest('app-1')).toBeVisible({ timeout: COMPILED_S * 1000 });
  await dev.said(/lab: It stays when you end the dashboard/, COMPILED_S);
  // Saved without a change: other tests read these sources meanwhile.
  const source = 'server/settings/reserve.ts';
  await utimes(source, new Date(), new Date((await stat(source)).mtimeMs));
  await dev.said(/The server starts again, since you changed server\/settings\/reserve\.ts/);
  await dev.said(/runs at \S+ again\./, COMPILED_S);
  // The first page reloads by itself, as soon as the server answers again.
  const other = await context.newPage();
  await other.goto(new URL(page.url()).origin, { timeout: COMPILED_S * 1000 });
  await expect(new Fleet(other).guest('app-1')).toBeVisible({ timeout: COMPILED_S * 1000 });

  expect(await dev.end('SIGINT')).toBe(0);
  await until('the end of the server', async () => {
    return !(await place.processes()).some((command) => command.includes('next'));
  });
  expect(await keptLab(lab)).not.toBeNull();
});
