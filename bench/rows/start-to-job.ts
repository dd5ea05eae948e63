import type { Page } from '@playwright/test';
import { MiB } from '../../lab/image.ts';
import { connect, formatUuid } from '../../server/libvirt/index.ts';
import { atRest, openBrowser, openPage } from '../browser.ts';
import { guestWith, ownDashboard } from '../dashboard.ts';
import { logEvents } from '../event-log.ts';
import { eventually } from '../eventually.ts';
import { host, ownLab } from '../lab.ts';
import { atMost } from '../measurement.ts';
import { percentile } from '../percentile.ts';
import type { Row } from '../row.ts';

/** Much more than one second's worth at the lowest limit, so that a cancelled pull always leaves work. */
const DATA = 128 * MiB;

declare global {
  interface Window {
    /** Milliseconds since 1970 of the last click. */
    clickedAt: number;
  }
}

/** From the click on Start, as the browser times it, to the running job, as QEMU times it. */
export const startToJob: Row = {
  name: 'start-to-job',
  async run(bench) {
    const writes = [{ pattern: 0x5a, offset: 0, length: DATA }];
    const layers = [{ file: 'base.qcow2', writes }, { file: 'active.qcow2' }];
    const alpha = host(await ownLab(bench, [{ name: 'guest', disks: [{ layers }] }]));
    const { api, session } = await ownDashboard(bench, alpha.uri);
    const connection = await connect(alpha.uri);
    bench.stack.defer(() => connection.close());
    const log = await logEvents(bench, (signal) => connection.events.qemu('JOB_STATUS_CHANGE', signal));
    const { hostId, uuid } = await guestWith(api, 'guest', 2);
    const path = `/h/${hostId}/${uuid}/vda?image=`;
    const page = await openPage(await openBrowser(bench), session, path);

    const latencies: number[] = [];
    for (let round = 0; round < bench.rounds(40); round++) {
      log.clear();
      const clicked = await clickStart(page);
      const { event } = await log.first('the running job', ({ domain, details }) => {
        return formatUuid(domain.uuid) === uuid && statusIn(details) === 'running';
      });
      latencies.push(Number(event.seconds) * 1000 + event.micros / 1000 - clicked);
      const [operation] = await eventually('the operation', async () => {
        const running = await api.operations.list.query({ over: false });
        return running.length > 0 ? running : undefined;
      });
      if (operation === undefined) throw new Error('No operation is running');
      await api.operations.cancel.mutate({ id: operation.id });
      await eventually('the end of the operation', async () => {
        const running = await api.operations.list.query({ over: false });
        return running.length === 0 ? true : undefined;
      });
      await page.goto(path);
      await atRest(page);
    }
    const at = (percent: number) => `${percentile(latencies, percent).toFixed(0)} ms`;
    return [
      atMost(
        'Click on Start to QEMU’s running job, p95',
        percentile(latencies, 95),
        { unit: 'ms', goal: 150 },
        `median ${at(50)}, worst ${at(100)}, of ${latencies.length}`,
      ),
    ];
  },
};

/** Limits the speed and clicks; when that was, in milliseconds since 1970. */
async function clickStart(page: Page): Promise<number> {
  await page.getByRole('textbox', { name: 'Limit in MiB per second' }).fill('1');
  await page.evaluate(() => {
    const note = ({ timeStamp }: Event) => {
      window.clickedAt = Date.now() - (performance.now() - timeStamp);
    };
    document.addEventListener('click', note, { capture: true, once: true });
  });
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  return page.evaluate(() => window.clickedAt);
}

function statusIn(details: string | null): unknown {
  const { status }: { status?: unknown } = JSON.parse(details ?? '{}');
  return status;
}
