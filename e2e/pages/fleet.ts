import type { Locator, Page } from '@playwright/test';
import { exactly } from './exact-text.ts';

/** The list of all guests at the left. */
export class Fleet {
  readonly root: Locator;
  readonly search: Locator;

  constructor(page: Page) {
    this.root = page.getByRole('navigation', { name: 'Fleet', exact: true });
    this.search = page.getByRole('searchbox', { name: 'Search guests, images, UUIDs' });
  }

  guests(): Locator {
    return this.root.getByRole('listitem').getByRole('link');
  }

  guest(name: string): Locator {
    return this.root.getByRole('link', { name: exactly(name, ' ') });
  }

  host(name: string): Locator {
    return this.root.getByRole('region', { name, exact: true });
  }

  sort(by: 'Name' | 'Depth' | 'Size'): Locator {
    return this.root.getByRole('radiogroup', { name: 'Sort guests' }).getByText(by, { exact: true });
  }
}
