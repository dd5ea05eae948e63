import type { Locator, Page } from '@playwright/test';
import { nameOf } from '../live-guest.ts';

/** The cross-section of one disk. */
export class DiskSection {
  readonly page: Page;
  readonly root: Locator;
  /** The selected offset. */
  readonly cursor: Locator;
  /** What is there. */
  readonly readout: Locator;

  constructor(page: Page) {
    this.page = page;
    this.root = page.getByRole('region', { name: /^Cross-section of / });
    this.cursor = this.root.getByRole('slider', { name: 'Offset on the disk' });
    this.readout = this.root.locator('[data-readout]');
  }

  /** The rows of images, without the head. */
  images(): Locator {
    return this.root.locator('tbody').getByRole('row');
  }

  image(path: string): Locator {
    return this.images().filter({ has: this.page.getByTitle(path, { exact: true }) });
  }

  /** What the guest reads of it, and what images above hide. */
  read(path: string): Locator {
    return this.image(path).getByRole('cell').nth(-2);
  }

  hidden(path: string): Locator {
    return this.image(path).getByRole('cell').nth(-1);
  }

  /** What an image holds where the cursor is. */
  figures(path: string): Locator {
    return this.readout.getByText(nameOf(path)).locator('+ *');
  }

  /**
   * The colour that is drawn in the band of an image, the highest counted 0.
   *
   * @param share of the disk's length, 0 to 1
   */
  colorAt(layer: number, share: number, layers = 4): Promise<readonly number[]> {
    return this.root.locator('canvas').evaluate(
      (canvas, at) => {
        if (!(canvas instanceof HTMLCanvasElement)) throw new Error('No canvas');
        const [x, y] = [at.share * canvas.width, ((at.layer + 0.35) / at.layers) * canvas.height];
        const pen = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
        pen?.drawImage(canvas, x, y, 1, 1, 0, 0, 1, 1);
        return Array.from(pen?.getImageData(0, 0, 1, 1).data ?? []);
      },
      { layer, share, layers },
    );
  }

  /** Points at a part of the disk. @param share of its length, 0 to 1 */
  async point(share: number): Promise<void> {
    const box = await this.cursor.boundingBox();
    if (box === null) throw new Error('The cursor is not laid out');
    await this.cursor.hover({ position: { x: box.width * share, y: box.height / 2 } });
  }
}
