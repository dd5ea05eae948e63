import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { freePort } from '../bin/port.ts';
import { processes, until } from '../lab/process.ts';
import { Command } from './command.ts';
import { Fleet } from './pages/fleet.ts';
import { SandboxFolder } from './sandbox-folder.ts';

// The commands themselves, `npm run demo` and `npm start`, each with a folder and a port of its own.

const LINK = /(http:\/\/\S+\/sign-in\?token=\S+)/;
const RUNS = /Backchain runs at (\S+);/;

let place: SandboxFolder;
let port = 0;

test.beforeEach(async ({ browserName: _ }, { parallelIndex }) => {
  place = await SandboxFolder.make();
  port = await freePort(43_000 + 100 * parallelIndex);
});

test.afterEach(() => place[Symbol.asyncDispose]());

/** Of one guest alone, where a test says nothing else: the whole lab takes its time. */
const demo = (guests: Record<string, string> = { BACKCHAIN_LAB_GUESTS: 'app-1' }) =>
  new Command('bin/demo.ts', place, { PORT: String(port), ...guests });

test('the demo takes another port than one in use, its link signs in, a second one is refused, and Ctrl-C leaves nothing', async ({
  page,
}) => {
  await using taken = createServer().listen(port, '127.0.0.1');
  await once(taken, 'listening');
  await using first = demo({});
  const link = await first.said(LINK);
  const origin = await first.said(RUNS);
  expect(first.output).toContain(`Port ${port} is in use; the dashboard takes ${new URL(origin).port}.`);
  expect(new URL(link).origin).toBe(origin);
  await page.goto(link);
  const fleet = new Fleet(page);
  await expect(fleet.guest('app-1')).toBeVisible();
  await expect(fleet.host('beta')).toBeVisible();

  const second = demo();
  expect(await second.ended).toBe(1);
  expect(second.output).toBe('A demo of yours already runs. Use that one, or end it with Ctrl-C first.\n');
  await page.reload();
  await expect(fleet.guest('app-1')).toBeVisible();

  const there = (await place.left()).join('\n');
  for (const what of ['next-server', 'libvirtd', 'qemu-system', 'libvirt-sock', 'bc-demo-'])
    expect(there).toContain(what);
  expect(await first.end('SIGINT')).toBe(0);
  expect(await place.left()).toEqual([]);
  await expect(fetch(origin)).rejects.toThrow();
});

test('a demo that was killed takes its dashboard with it, and the next one clears its lab away', async ({
  page,
}) => {
  await using first = demo();
  await first.said(RUNS);
  expect(await first.end('SIGKILL')).toBeNull();
  await using second = demo();
  await page.goto(await second.said(LINK));
  await expect(new Fleet(page).guest('app-1')).toBeVisible();
  await second.said(RUNS);
  expect(second.output).toMatch(/Ended \d+ processes of the lab in/);
  expect(second.output).toContain('That was an earlier lab; a new one is made.');
  expect(second.output).not.toContain('is in use');
  expect(await second.end('SIGTERM')).toBe(0);
  expect(await place.left()).toEqual([]);
});

/** Kills the demo's server, as the kernel's memory killer would. */
async function killServer(): Promise<void> {
  const [server] = await processes(
    ({ command, environment }) =>
      command.some((word) => word.startsWith('next-server')) &&
      environment.some((word) => word.includes(place.path)),
  );
  if (server === undefined) throw new Error('The demo has no server');
  process.kill(server.pid, 'SIGKILL');
}

test('regression: a killed dashboard took the lab of its demo down', async ({ page }) => {
  await using run = demo();
  await page.goto(await run.said(LINK));
  const origin = await run.said(RUNS);
  const fleet = new Fleet(page);
  await expect(fleet.guest('app-1')).toBeVisible();
  // The demo takes one that ends sooner for one that can't run at all.
  const old = Date.now() + 10_000;
  await until('a server that has run for a while', async () => Date.now() > old);
  await killServer();
  await run.said(/The dashboard was killed \(SIGKILL\)\. It starts again; running operations continue\./);
  await run.said(/Backchain runs at \S+ again\./);
  await page.goto(origin);
  await expect(fleet.guest('app-1')).toBeVisible();
  expect(await run.end('SIGINT')).toBe(0);
  expect(await place.left()).toEqual([]);
});

test('a dashboard that ends as soon as it is up ends its demo', async () => {
  await using run = demo();
  await run.said(RUNS);
  await killServer();
  expect(await run.ended).toBe(1);
  expect(run.output).toContain('The dashboard was killed (SIGKILL), less than 10 s after it was up.');
  expect(await place.left()).toEqual([]);
});

test('regression: npm start said nothing when its dashboard was killed', async () => {
  const env = { PORT: String(port), BACKCHAIN_HOSTS: `qemu+unix:///session?socket=${place.path}/none` };
  await using run = new Command('bin/start.ts', place, env);
  await run.said(/Backchain: (\S+)/);
  await killServer();
  expect(await run.ended).toBe(1);
  expect(run.output).toContain('The dashboard was killed (SIGKILL).');
});

/** Resolves when the server's process is there, long before it answers. */
const starting = () =>
  until(
    'the server',
    async () => (await place.processes()).some((line) => / start -H |next-server/.test(line)),
    90,
  );

test('a demo that is interrupted while the dashboard starts leaves nothing', async () => {
  await using interrupted = demo();
  await starting();
  expect(await interrupted.end('SIGINT')).toBe(0);
  expect(interrupted.output).not.toContain('Backchain runs at');
  expect(await place.left()).toEqual([]);
});

test('a demo that is interrupted while the lab comes up leaves nothing', async () => {
  await using interrupted = demo();
  await interrupted.said(/Two libvirt daemons run/);
  expect(await interrupted.end('SIGINT')).toBe(0);
  expect(await place.left()).toEqual([]);
});

test('a demo whose folder is somebody else’s, or has too long a path, says what to do and touches nothing', async () => {
  const folder = join(place.path, `bc-demo-${userInfo().uid}`);
  const mine = join(folder, 'mine');
  await mkdir(folder);
  await writeFile(mine, 'keep me');
  const refused = demo();
  expect(await refused.ended).toBe(1);
  expect(refused.output).toBe(
    `${folder} exists and is not a demo's, or not yours. Use another folder for the demo: TMPDIR=/var/tmp npm run demo\n`,
  );
  expect(await readFile(mine, 'utf8')).toBe('keep me');
  await rm(folder, { recursive: true });

  const far = join(place.path, 'far'.repeat(20));
  await mkdir(far);
  const tooLong = new Command('bin/demo.ts', place, { TMPDIR: far });
  expect(await tooLong.ended).toBe(1);
  expect(tooLong.output).toBe(
    `${far} is too long a path for the sockets of guests. Name a shorter one: TMPDIR=/tmp npm run demo\n`,
  );
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`npm start that gets ${signal} while the dashboard starts leaves no server behind`, async () => {
    const env = { PORT: String(port), BACKCHAIN_HOSTS: `qemu+unix:///session?socket=${place.path}/none` };
    await using interrupted = new Command('bin/start.ts', place, env);
    await starting();
    expect(await interrupted.end(signal)).toBe(0);
    expect(interrupted.output).not.toContain('Backchain:');
    expect(await place.processes()).toEqual([]);
  });
}

test('npm start says what to do about a port in use', async () => {
  await using taken = createServer().listen(port, '127.0.0.1');
  await once(taken, 'listening');
  const refused = new Command('bin/start.ts', place, { PORT: String(port) });
  expect(await refused.ended).toBe(1);
  expect(refused.output).toMatch(new RegExp(`Port ${port} is in use. Name another: PORT=\\d+ npm start\\n$`));
});

for (const program of ['bin/demo.ts', 'bin/start.ts']) {
  test(`${program} refuses what is no port with a text, and starts nothing`, async () => {
    const refused = new Command(program, place, { PORT: 'web' });
    expect(await refused.ended).toBe(1);
    expect(refused.output).toBe(
      'PORT is “web”, which is not a port. Name one from 1 to 65535, such as PORT=8080.\n',
    );
    expect(await place.left()).toEqual([]);
  });
}
