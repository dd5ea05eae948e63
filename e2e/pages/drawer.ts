import type { Locator, Page } from '@playwright/test';

/** The running operations, at the foot of every page. */
export class Drawer {
  readonly root: Locator;
  readonly heading: Locator;

  constructor(page: Page) {
    this.root = page.getByRole('region', { name: 'Operations under way' });
    this.heading = this.root.getByRole('heading', { name: /running|queued|paused|unknown/ });
  }

  /** The operation on a guest's disk. */
  row(guest: string): Running {
    const name = this.root.page().getByRole('link', { name: new RegExp(`^${guest}( |$)`) });
    // Those behind it in the queue name it too.
    return new Running(this.root.getByRole('listitem').filter({ has: name }));
  }
}

/** One operation, with what can be done about it. */
export class Running {
  readonly root: Locator;
  readonly bar: Locator;
  readonly limit: Locator;
  readonly cancel: Locator;
  /** Lets it take from what is kept free. */
  readonly resume: Locator;

  constructor(root: Locator) {
    this.root = root;
    this.bar = root.getByRole('progressbar');
    this.limit = root.getByRole('button', { name: /^Limit/ });
    this.cancel = root.getByRole('button', { name: 'Cancel' });
    this.resume = root.getByRole('button', { name: 'Resume anyway' });
  }

  /** Percent done, as a screen reader has it. */
  async percent(): Promise<number> {
    return Number(await this.bar.getAttribute('aria-valuenow'));
  }

  /** @param limit MiB per second, 0 for none */
  async setLimit(limit: number): Promise<void> {
    await this.limit.click();
    const form = this.root.page().getByRole('dialog', { name: /^Speed limit of / });
    await form.getByRole('textbox', { name: 'MiB per second' }).fill(String(limit));
    await form.getByRole('button', { name: 'Set' }).click();
  }

  async resumeForSure(): Promise<void> {
    await this.resume.click();
    await this.root.page().getByRole('dialog').getByRole('button', { name: 'Resume anyway' }).click();
  }

  async cancelForSure(): Promise<void> {
    await this.cancel.click();
    await this.root.page().getByRole('dialog').getByRole('button', { name: 'Cancel the operation' }).click();
  }
}
