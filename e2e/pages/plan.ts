import type { Locator, Page } from '@playwright/test';

/** What would be done, at the side of the graph. */
export class Plan {
  readonly root: Locator;
  readonly title: Locator;
  readonly command: Locator;
  readonly start: Locator;
  readonly unlimited: Locator;
  readonly limit: Locator;
  /** What is done before the file system is full. */
  readonly waits: Locator;
  readonly cancels: Locator;
  readonly refusal: Locator;
  /** The strategies for the result, compared. */
  readonly strategies: Locator;

  constructor(page: Page) {
    this.root = page.getByRole('complementary', { name: 'Plan and details' });
    this.title = this.root.getByRole('heading', { name: /^Flatten / });
    this.command = this.root.getByRole('region', { name: 'Equivalent commands' }).locator('pre');
    this.start = this.root.getByRole('button', { name: 'Start', exact: true });
    this.unlimited = this.root.getByRole('radio', { name: 'Unlimited' });
    this.limit = this.root.getByRole('textbox', { name: 'Limit in MiB per second' });
    this.strategies = this.root.getByRole('group', { name: 'Strategy' });
    this.waits = this.root.getByRole('radio', { name: 'Pause for space' });
    this.cancels = this.root.getByRole('radio', { name: 'Cancel the operation' });
    this.refusal = this.root.getByRole('region', { name: 'This can’t be started' });
  }

  strategy(name: string): Locator {
    return this.strategies.getByRole('radio', { name: new RegExp(`^${name}`) });
  }

  /** The upper bound, bytes. */
  async atMost(): Promise<number> {
    const text = await this.root
      .getByText(/^at most [\d.]+ [KMG]iB$/)
      .first()
      .textContent();
    const [, number = '', unit = ''] = /([\d.]+) ([KMG])iB/.exec(text ?? '') ?? [];
    return Number(number) * 1024 ** ('KMG'.indexOf(unit) + 1);
  }
}
