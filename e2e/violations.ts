import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** What keeps a page from being usable by everybody, as WCAG 2.2 AA has it: empty where nothing does. */
export async function violations(page: Page): Promise<readonly string[]> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  // Still an experiment of axe's: it takes all text on a card for its label, which is the file's name.
  const axe = new AxeBuilder({ page }).withTags(tags).disableRules('label-content-name-mismatch');
  // Otherwise each analysis opens a second page, for the sake of frames of other sites: no page of ours has a frame.
  axe.setLegacyMode(true);
  const found = await axe.analyze();
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`);
}
