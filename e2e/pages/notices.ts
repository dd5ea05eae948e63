import type { Locator, Page } from '@playwright/test';

/** What says that an operation ended. */
export class Notices {
  readonly root: Locator;

  constructor(page: Page) {
    this.root = page.getByRole('region', { name: 'Notifications' });
  }

  /** Successes and cancellations stay for a while, failures until they are dismissed. */
  of(guest: string): Locator {
    return this.root.locator('[role=status], [role=alert]').filter({ hasText: guest });
  }
}
