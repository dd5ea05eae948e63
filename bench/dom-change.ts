import type { Page } from '@playwright/test';

/** Says when, in milliseconds since 1970, what it watches for was there in the document. */
export type DomChange = () => Promise<number>;

/**
 * Begins to watch, inside the page and with a MutationObserver, for so many elements of `selector`, counting only
 * those whose text holds `text` where one is given. Throws if they are there already: nothing would be measured.
 */
export async function watchFor(
  page: Page,
  wanted: { selector: string; text?: string; count: number },
): Promise<DomChange> {
  const watching = await page.evaluateHandle(({ selector, text = '', count }) => {
    const there = () => {
      const found = [...document.querySelectorAll(selector)];
      return found.filter((element) => element.textContent.includes(text)).length === count;
    };
    if (there())
      throw new Error(`${count} × ${selector} "${text}" is in the document before anything happened`);
    const changed = new Promise<number>((resolve) => {
      const observer = new MutationObserver(() => {
        if (!there()) return;
        resolve(Date.now());
        observer.disconnect();
      });
      observer.observe(document.body, {
        subtree: true,
        childList: true,
        characterData: true,
        attributes: true,
      });
    });
    return { changed };
  }, wanted);
  return () => watching.evaluate(({ changed }) => changed);
}
