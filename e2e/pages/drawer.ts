import type { Locator, Page } from '@playwright/test';

/** The operations under way, at the foot of every page. */
export class Drawer {
  readonly root: Locator;
  readonly heading: Locator;

  constructor(page: Page) {
    this.root = page.getByRole('region', { name: 'Operations under way' });
    this.heading = this.root.getByRole('heading');
  }

  /** The operation on a disk, such as `web-1 · vda`. */
  row(guest: string): Locator {
    return this.root.getByRole('listitem').filter({ hasText: guest });
  }
}
