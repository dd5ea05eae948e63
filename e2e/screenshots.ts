import { mkdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page, expect as playwrightExpect } from '@playwright/test';
import { down, guestOf, type Lab, up } from '../lab/lab.ts';
import { launchOptions } from './browser.ts';
import { GuestPage } from './pages/guest-page.ts';
import { Server } from './server.ts';
import { signIn } from './sign-in.ts';

// `npm run screenshots`: takes the README's pictures on a lab of its own, into docs/images.

const FOLDER = join(import.meta.dirname, '../docs/images');
/** Short, since it is in the pictures. */
const LAB = join(tmpdir(), 'vms');
const MOST_BYTES = 200_000;

const expect = playwrightExpect.configure({ timeout: 30_000 });

/** Takes a picture in each look. */
async function take(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(() => document.fonts.ready);
    const path = join(FOLDER, `${name}-${colorScheme}.png`);
    await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
    const { size } = await stat(path);
    console.log(`${path} ${size} bytes`);
    if (size > MOST_BYTES) throw new Error(`${path} has ${size} bytes, more than ${MOST_BYTES}`);
  }
}

async function takeWide(page: Page, lab: Lab): Promise<void> {
  await page.goto('/');
  const at = new GuestPage(page);
  await expect(at.live).toHaveText('live');
  for (const { name } of lab.guests) await expect(at.fleet.guest(name)).toBeAttached();
  await take(page, 'fleet');

  await at.fleet.guest('app-1').click();
  await expect(at.graph.image('app-1.qcow2')).toBeVisible();
  await take(page, 'graph');

  const web = guestOf(lab, 'web-1');
  const base = web.disks[0]?.images.at(-1) ?? '';
  await at.fleet.guest('web-1').click();
  await at.graph.image(base).click();
  await expect(at.plan.start).toBeEnabled();
  await expect(at.graph.after(2)).toBeVisible();
  await expect(page.getByText('Comparing the strategies…')).toHaveCount(0);
  await take(page, 'plan');

  await at.plan.limit.fill('64');
  await at.plan.start.click();
  const running = at.drawer.row(web.name);
  await expect.poll(() => running.percent(), { timeout: 60_000 }).toBeGreaterThan(40);
  await take(page, 'running');
  await running.cancelForSure();
  await expect(at.drawer.heading).toHaveText('No operation running');
}

async function takeNarrow(page: Page, lab: Lab): Promise<void> {
  const at = new GuestPage(page);
  await page.goto('/');
  await page.getByRole('button', { name: 'Show the fleet' }).click();
  await at.fleet.guest('mail').click();
  await at.graph.image(guestOf(lab, 'mail').disks[0]?.images.at(-1) ?? '').click();
  await expect(at.plan.start).toBeEnabled();
  await expect(page.getByText('Comparing the strategies…')).toHaveCount(0);
  await take(page, 'narrow');
}

async function open(browser: Browser, server: Server, width: number, height: number): Promise<Page> {
  const context = await browser.newContext({
    baseURL: server.origin,
    viewport: { width, height },
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await signIn(page, server);
  return page;
}

await mkdir(FOLDER, { recursive: true });
const pictured = await up({ dir: LAB, say: console.log });
try {
  await using server = await Server.open(pictured, 41_900);
  await using browser = await chromium.launch(launchOptions());
  await takeWide(await open(browser, server, 1280, 800), pictured);
  await takeNarrow(await open(browser, server, 390, 844), pictured);
} finally {
  await down({ dir: LAB });
}
