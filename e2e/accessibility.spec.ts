import type { Page } from '@playwright/test';
import { guestOf, type Lab } from '../lab/lab.ts';
import { expect, test } from './fixtures.ts';
import { ActionForm } from './pages/action-form.ts';
import { DiskSection } from './pages/disk-section.ts';
import { DoctorPage } from './pages/doctor-page.ts';
import { GuestPage } from './pages/guest-page.ts';
import { LeftoversPage } from './pages/leftovers-page.ts';
import { SignInPage } from './pages/sign-in-page.ts';
import { violations } from './violations.ts';

const places: readonly { what: string; open: (page: Page, lab: Lab) => Promise<void> }[] = [
  {
    what: 'the fleet',
    open: async (page) => {
      await page.goto('/');
      await expect(new GuestPage(page).fleet.guest('mail')).toBeVisible();
    },
  },
  {
    what: 'a graph',
    open: async (page, lab) => {
      const at = await GuestPage.open(page, guestOf(lab, 'app-1'));
      await expect(at.graph.image('app-1.qcow2')).toBeVisible();
    },
  },
  {
    what: 'a plan',
    open: async (page, lab) => {
      const at = await GuestPage.open(page, guestOf(lab, 'mail'));
      await at.graph.image('mail-base.qcow2').click();
      await expect(at.plan.start).toBeEnabled();
    },
  },
  {
    what: 'the leftovers',
    open: async (page) => {
      await LeftoversPage.open(page);
      await expect(page.getByText(/blocks? this/)).toBeVisible();
    },
  },
  {
    what: 'the menu of actions',
    open: async (page, lab) => {
      await GuestPage.open(page, guestOf(lab, 'app-1'));
      await page.getByRole('button', { name: 'Actions' }).click();
      await expect(page.getByRole('dialog', { name: 'Actions' })).toBeVisible();
    },
  },
  {
    what: 'a form',
    open: async (page, lab) => {
      const at = await GuestPage.open(page, guestOf(lab, 'app-1'));
      await ActionForm.open(page, 'Snapshot');
      await expect(at.plan.start).toBeEnabled();
    },
  },
  {
    what: 'a table',
    open: async (page, lab) => {
      const at = await GuestPage.open(page, guestOf(lab, 'app-1'));
      await at.view('Table').click();
      await expect(page.getByRole('treegrid')).toBeVisible();
    },
  },
  {
    what: 'a cross-section',
    open: async (page, lab) => {
      const at = await GuestPage.open(page, guestOf(lab, 'app-1'));
      await at.view('Cross-section').click();
      await new DiskSection(page).cursor.press('Home');
      await expect(new DiskSection(page).readout).toContainText('from 0 B');
    },
  },
  {
    what: 'the operations',
    open: async (page) => {
      await page.goto('/operations');
      await expect(page.getByRole('heading', { name: 'Operation' }).first()).toBeVisible();
    },
  },
  {
    what: 'the doctor',
    open: async (page) => {
      const at = await DoctorPage.open(page);
      await at.fix('Forget').first().click();
      await expect(at.panel.getByRole('button', { name: 'Start', exact: true })).toBeEnabled();
    },
  },
  {
    what: 'the account',
    open: async (page) => {
      await page.goto('/account');
      await expect(page.getByRole('textbox', { name: 'New password' })).toBeVisible();
    },
  },
  {
    what: 'the sign-in',
    open: async (page) => {
      await page.context().clearCookies();
      await page.goto('/sign-in');
      await expect(new SignInPage(page).submit).toBeVisible();
    },
  },
];

for (const { what, open } of places) {
  test(`${what} has no barrier that axe knows, in dark and in light`, async ({ page, lab }) => {
    await open(page, lab);
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page), colorScheme).toEqual([]);
    }
  });
}
