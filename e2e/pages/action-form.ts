import { expect, type Locator, type Page } from '@playwright/test';

/** The form of an action, over the plan that its values make. */
export class ActionForm {
  readonly root: Locator;
  readonly close: Locator;

  constructor(page: Page) {
    this.root = page.getByRole('complementary', { name: 'Plan and details' });
    this.close = this.root.getByRole('button', { name: 'Close' });
  }

  /** Opens it by the menu of the disk in view. */
  static async open(page: Page, action: string): Promise<ActionForm> {
    await page.getByRole('button', { name: 'Actions' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: new RegExp(`^${action} `) })
      .click();
    const form = new ActionForm(page);
    await expect(form.root.getByRole('heading', { level: 2 }).first()).toBeVisible();
    return form;
  }
}
