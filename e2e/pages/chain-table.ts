import type { Locator, Page } from '@playwright/test';
import { nameOf } from '../live-guest.ts';

/** The backing chain of one disk as a table. */
export class ChainTable {
  readonly root: Locator;

  constructor(page: Page) {
    this.root = page.getByRole('treegrid', { name: /^Backing chain of / });
  }

  /** The rows of images, without the head and the rows of other disks. */
  images(): Locator {
    return this.root.locator('tbody').getByRole('row', { level: 1 });
  }

  image(path: string): Locator {
    return this.images().filter({ hasText: nameOf(path) });
  }
}
