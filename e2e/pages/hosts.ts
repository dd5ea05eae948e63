import type { Locator, Page } from '@playwright/test';

/** The libvirt daemons that the dashboard watches, on the overview. */
export class Hosts {
  readonly root: Locator;
  readonly uri: Locator;
  readonly test: Locator;
  readonly add: Locator;
  /** What is asked before a host goes. */
  readonly question: Locator;

  constructor(page: Page) {
    this.root = page.getByRole('region', { name: 'Hosts' });
    this.uri = this.root.getByRole('textbox', { name: 'Connection URI' });
    this.test = this.root.getByRole('button', { name: 'Test' });
    this.add = this.root.getByRole('button', { name: 'Add a host' });
    this.question = page.getByRole('dialog');
  }

  remove(name: string): Locator {
    return this.root.getByRole('button', { name: `Remove ${name}` });
  }

  removals(): Locator {
    return this.root.getByRole('button', { name: /^Remove / });
  }
}
