import type { Locator, Page } from '@playwright/test';

/** What tells that an operation ended. */
export class Notices {
  readonly root: Locator;

  constructor(page: Page) {
    this.root = page.getByRole('region', { name: 'Notifications' });
  }

  /** Good news and cancellations stand for a while, failures until they are dismissed. */
  of(guest: string): Locator {
    return this.root.locator('[role=status], [role=alert]').filter({ hasText: guest });
  }
}
