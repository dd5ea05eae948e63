import { userInfo } from 'node:os';
import { defineConfig } from '@playwright/test';
import { findBrowser } from './e2e/browser.ts';
import type { LabOptions } from './e2e/fixtures.ts';
import { labDir } from './e2e/lab-dir.ts';

/** Needed where Chromium runs as root, as in a container. */
const asRoot = userInfo().uid === 0 ? ['--no-sandbox'] : [];

/** Nothing here may look at the network: Chromium's own housekeeping is off. */
const quiet = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
];

export default defineConfig<LabOptions>({
  testDir: 'e2e',
  outputDir: 'test-results',
  globalSetup: './e2e/global-setup.ts',
  reporter: 'list',
  forbidOnly: true,
  retries: 0,
  workers: 2,
  fullyParallel: true,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  use: {
    labDir: labDir(),
    actionTimeout: 20_000,
    navigationTimeout: 30_000,
    locale: 'en-GB',
    timezoneId: 'UTC',
    viewport: { width: 1280, height: 800 },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: findBrowser(),
      args: [...asRoot, ...quiet],
    },
  },
});
