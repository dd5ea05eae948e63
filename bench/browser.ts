import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test';
import type { Bench } from './row.ts';
import type { Session } from './session.ts';

const REST_MS = 1000;

/** The distribution's own Chromium, without a window. */
export async function openBrowser({ stack }: Bench): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: await onPath('chromium'),
    // Chromium's sandbox refuses to work for root.
    args: userInfo().uid === 0 ? ['--no-sandbox'] : [],
    // It would end this process at once, and leave what the row started behind.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  stack.defer(() => browser.close());
  return browser;
}

/** A browser's profile of somebody who is signed in, with nothing in its cache. */
export async function signedIn(browser: Browser, { origin, cookie }: Session): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL: origin, viewport: { width: 1440, height: 900 } });
  await context.addCookies([{ ...cookie, url: origin, httpOnly: true, sameSite: 'Lax' }]);
  return context;
}

/** A tab on a page that receives every change by now, and has nothing left to do. */
export async function openPage(browser: Browser, session: Session, path: string): Promise<Page> {
  const page = await (await signedIn(browser, session)).newPage();
  await page.goto(path);
  await atRest(page);
  return page;
}

/** Resolves a second after the page has joined the stream: it is drawn then, and somebody would have begun to read it. */
export async function atRest(page: Page): Promise<void> {
  await live(page);
  await delay(REST_MS);
}

/** Resolves when the page has joined the stream of changes. */
export async function live(page: Page): Promise<void> {
  await page.getByText('live', { exact: true }).waitFor();
}

async function onPath(program: string): Promise<string> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, program);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  throw new Error(`${program} is not on PATH; bin/setup test installs it`);
}
