import { accessSync, constants } from 'node:fs';
import { userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import type { LaunchOptions } from '@playwright/test';

const IN_A_WINDOW = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** Chromium without what only a window needs takes half of the time; `--debug` opens a window. */
const NAMES = process.env.PWDEBUG ? IN_A_WINDOW : ['chromium-headless-shell', ...IN_A_WINDOW];

/** Nothing here may look at the network: Chromium's own housekeeping is off. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
];

/** Starts the Chromium that this machine has. Throws where there is none. */
export function launchOptions(): LaunchOptions {
  // As root, as in a container, Chromium's sandbox does not start.
  const asRoot = userInfo().uid === 0 ? ['--no-sandbox'] : [];
  return { executablePath: findBrowser(), args: [...asRoot, ...QUIET] };
}

function findBrowser(): string {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
  if (found !== undefined) return found;
  throw new Error(`No Chromium on the PATH (${NAMES.join(', ')}). Install one: apt-get install chromium`);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
