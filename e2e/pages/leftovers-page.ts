import { expect, type Locator, type Page } from '@playwright/test';

/** The image files of a host that nothing refers to. */
export class LeftoversPage {
  readonly page: Page;
  readonly rows: Locator;
  readonly kept: Locator;
  readonly dialog: Locator;

  constructor(page: Page) {
    this.page = page;
    this.rows = page.getByRole('region', { name: 'Leftovers' }).getByRole('row');
    this.kept = page.getByRole('region', { name: 'Shared on purpose' });
    this.dialog = page.getByRole('dialog');
  }

  /** Comes in by the link at the top. */
  static async open(page: Page): Promise<LeftoversPage> {
    const at = new LeftoversPage(page);
    await page.goto('/');
    await page.getByRole('banner').getByRole('link', { name: 'Leftovers' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Leftovers' })).toBeVisible();
    return at;
  }

  /** The box that chooses a file. */
  box(file: string): Locator {
    return this.page.getByRole('checkbox', { name: file });
  }

  get again(): Locator {
    return this.page.getByRole('button', { name: 'Check again' });
  }
}
