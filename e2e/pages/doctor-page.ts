import { expect, type Locator, type Page } from '@playwright/test';
import type { LabGuest } from '../../lab/lab.ts';

/** What is wrong with chains, and the panel of a fix. */
export class DoctorPage {
  readonly page: Page;
  /** The list's rows; each may group several findings. */
  readonly findings: Locator;
  readonly calm: Locator;
  readonly panel: Locator;
  /** What may be chosen: all guests, and each of them. */
  readonly guests: Locator;

  constructor(page: Page) {
    this.page = page;
    const list = page.getByRole('region', { name: 'Findings' });
    this.findings = list.locator(':scope > ul > li');
    this.guests = page.getByRole('combobox', { name: 'Guest' }).locator('option');
    this.calm = list.getByRole('status');
    this.panel = page.getByRole('complementary', { name: 'Fix' });
  }

  /** Comes in by the link at the top, or by the address of one guest. */
  static async open(page: Page, guest?: LabGuest): Promise<DoctorPage> {
    const at = new DoctorPage(page);
    if (guest === undefined) {
      await page.goto('/');
      await page.getByRole('banner').getByRole('link', { name: 'Doctor' }).click();
    } else await page.goto(`/doctor?guest=${guest.uuid}`);
    await expect(page.getByRole('heading', { level: 1, name: 'Chain doctor' })).toBeVisible();
    return at;
  }

  /** The button of a finding's fix. */
  fix(name: string): Locator {
    return this.findings.getByRole('button', { name: new RegExp(`^${name}: `) });
  }
}
