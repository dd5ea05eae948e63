import { defineConfig } from '@playwright/test';
import { launchOptions } from './e2e/browser.ts';
import type { LabOptions } from './e2e/fixtures.ts';
import { labDir } from './e2e/lab-dir.ts';

// Timeouts are for a machine that has other things to do; a test that passes does not wait for them.
export default defineConfig<LabOptions>({
  testDir: 'e2e',
  outputDir: 'test-results',
  globalSetup: './e2e/global-setup.ts',
  reporter: 'list',
  forbidOnly: true,
  retries: 0,
  workers: 2,
  fullyParallel: true,
  timeout: 300_000,
  expect: { timeout: 60_000 },
  use: {
    labDir: labDir(),
    actionTimeout: 60_000,
    navigationTimeout: 60_000,
    locale: 'en-GB',
    timezoneId: 'UTC',
    viewport: { width: 1280, height: 800 },
    screenshot: 'only-on-failure',
    // Recording one takes a fifth of all CPU time: it is made where somebody asks for it.
    trace: 'off',
    launchOptions: launchOptions(),
  },
});
