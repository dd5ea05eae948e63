import type { Locator, Page } from '@playwright/test';
import { nameOf } from '../live-guest.ts';
import { exactly } from './exact-text.ts';

/** The backing chain of one disk, drawn. */
export class Graph {
  readonly root: Locator;
  readonly flattenCompletely: Locator;
  readonly foldAgain: Locator;
  /** How much is done, at the line that the data flows along. */
  readonly flow: Locator;

  constructor(page: Page) {
    this.root = page.getByRole('region', { name: /^Backing chain of / });
    this.flattenCompletely = this.root.getByRole('button', { name: 'Flatten completely' });
    this.flow = this.root.getByText(/^\d+\s?%$/);
    this.foldAgain = this.root.getByRole('button', { name: 'Fold again' });
  }

  /** An image of the chain as it is now. */
  image(path: string): Locator {
    return this.root.getByRole('button', { name: exactly(nameOf(path), ', ') });
  }

  /** Runs of unremarkable layers, drawn as one node each. */
  folds(): Locator {
    return this.root.getByRole('button', { name: /layers folded/ });
  }

  async percent(): Promise<number> {
    return Number.parseInt((await this.flow.textContent()) ?? '', 10);
  }

  /** Texts of the graph that have less space than they need. */
  cutTexts(): Promise<string[]> {
    return this.root.evaluate((root) =>
      [...root.querySelectorAll('.react-flow__node span')]
        .filter((span) => span.childElementCount === 0 && span.scrollWidth > span.clientWidth + 1)
        .filter((span) => getComputedStyle(span).overflow !== 'visible')
        .map((span) => span.textContent ?? ''),
    );
  }

  now(layers: number): Locator {
    return this.root.getByRole('heading', { name: `Now · ${layers} layer` });
  }

  after(layers: number): Locator {
    return this.root.getByText(`After · ${layers} layer`);
  }
}
