import type { Page } from '@playwright/test';
import type { GuestSpec } from '../../lab/guest-spec.ts';
import { KiB } from '../../lab/image.ts';
import { openBrowser, openPage } from '../browser.ts';
import { guestWith, ownDashboard } from '../dashboard.ts';
import { host, ownLab } from '../lab.ts';
import { atMost } from '../measurement.ts';
import { percentile } from '../percentile.ts';
import type { Row } from '../row.ts';

const LAYERS = 64;
const CLUSTER = 64 * KiB;
/** As many clusters as there are buckets at most. */
const BUCKETS = 2000;
/** Pieces that each image holds. */
const PIECES = 24;

/** A chain of 64 images that hold pieces all over the disk is drawn as a cross-section, and pointed at. */
export const crossSection: Row = {
  name: 'cross-section',
  async run(bench) {
    const { uri } = host(await ownLab(bench, [stratified()]));
    const { session, api } = await ownDashboard(bench, uri);
    const { hostId, uuid } = await guestWith(api, 'strata', LAYERS);
    const section = await api.chains.section.query({
      disk: { hostId, uuid, target: 'vda' },
      buckets: BUCKETS,
    });
    if (section?.buckets !== BUCKETS || section.layers.some(({ holds }) => holds === null)) {
      throw new Error(`There are ${section?.buckets} buckets, or an image could not be read`);
    }
    const browser = await openBrowser(bench);
    const page = await openPage(browser, session, `/h/${hostId}/${uuid}/vda?view=section`);
    await page.getByRole('slider', { name: 'Offset on the disk' }).waitFor();
    const drawn = await redraw(page, bench.rounds(100));
    const pointed = await point(page, bench.rounds(200));
    const goal = { unit: 'ms', goal: 16 };
    return [
      atMost(
        'Drawing a cross-section, 2,000 buckets × 64 layers, p95',
        percentile(drawn, 95),
        goal,
        `median ${percentile(drawn, 50).toFixed(1)} ms, worst ${Math.max(...drawn).toFixed(1)} ms, of ${drawn.length}`,
      ),
      atMost(
        'Pointing at it: the page’s work for a frame',
        pointed,
        goal,
        'mean of all frames while the pointer moves over it, layout and painting included',
      ),
    ];
  },
};

function stratified(): GuestSpec {
  const layers = Array.from({ length: LAYERS }, (_layer, level) => ({
    file: `strata-${level}.qcow2`,
    writes: Array.from({ length: PIECES }, (_write, piece) => ({
      pattern: 1 + level,
      offset: ((level * 37 + piece * 83) % (BUCKETS - 8)) * CLUSTER,
      length: (1 + ((level + piece) % 8)) * CLUSTER,
    })),
  }));
  return { name: 'strata', state: 'shut off', disks: [{ size: BUCKETS * CLUSTER, layers }] };
}

/** Milliseconds of each drawing: the window becomes a few pixels narrower, which the drawing follows. */
async function redraw(page: Page, rounds: number): Promise<readonly number[]> {
  await page.evaluate(() => performance.clearMeasures());
  for (let round = 1; round <= rounds; round++) {
    await page.setViewportSize({ width: 1440 - 4 * (round % 20), height: 900 });
    await page.waitForFunction(
      (count) => performance.getEntriesByName('cross-section').length >= count,
      round,
    );
  }
  return page.evaluate(() => performance.getEntriesByName('cross-section').map(({ duration }) => duration));
}

/** Milliseconds of the main thread's work for a frame, in each of which the pointer is somewhere else. */
async function point(page: Page, frames: number): Promise<number> {
  const slider = await page.getByRole('slider', { name: 'Offset on the disk' }).boundingBox();
  if (slider === null) throw new Error('There is nothing to point at');
  const devtools = await page.context().newCDPSession(page);
  // What others do on the machine meanwhile does not count.
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const worked = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
  };
  const before = await worked();
  for (let frame = 0; frame < frames; frame++) {
    await page.mouse.move(slider.x + (slider.width * (frame + 0.5)) / frames, slider.y + 100);
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
  return ((await worked()) - before) * (1000 / frames);
}
