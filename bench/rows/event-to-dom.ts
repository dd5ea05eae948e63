import type { Lab, LabGuest } from '../../lab/lab.ts';
import { virsh } from '../../lab/virsh.ts';
import { BlockJobStatus, connect, formatUuid } from '../../server/libvirt/index.ts';
import { openBrowser, openPage } from '../browser.ts';
import { allGuests, guestWith, type OwnDashboard, ownDashboard } from '../dashboard.ts';
import { watchFor } from '../dom-change.ts';
import { logEvents } from '../event-log.ts';
import { host, ownLab, smallGuests } from '../lab.ts';
import { atMost } from '../measurement.ts';
import { percentile } from '../percentile.ts';
import type { Bench, Row } from '../row.ts';

const GUESTS = 30;
const RUNNING = 10;
const IMAGES = '.react-flow__node-image';

/** What others do shows by itself: from the arrival of libvirt's event at a bystander to the changed document. */
export const eventToDom: Row = {
  name: 'event-to-dom',
  async run(bench) {
    const lab = await ownLab(bench, smallGuests(GUESTS, RUNNING));
    const dashboard = await ownDashboard(bench, host(lab).uri);
    await allGuests(dashboard.api, GUESTS);
    const browser = await openBrowser(bench);
    const goal = { unit: 'ms', goal: 150 };
    const open = (path: string) => openPage(browser, dashboard.session, path);
    const fleet = await statesOnFleet(bench, lab, dashboard, open);
    const guest = await chainsOnGuest(bench, lab, dashboard, open);
    return [
      atMost(
        'libvirt’s event to the changed DOM, fleet page, p95',
        percentile(fleet, 95),
        goal,
        spread(fleet),
      ),
      atMost(
        'libvirt’s event to the changed DOM, guest page, p95',
        percentile(guest, 95),
        goal,
        spread(guest),
      ),
    ];
  },
};

type Open = (path: string) => ReturnType<typeof openPage>;

/** Guests are paused and resumed; their rows in the fleet say so. */
async function statesOnFleet(bench: Bench, lab: Lab, dashboard: OwnDashboard, open: Open): Promise<number[]> {
  const connection = await connect(host(lab).uri);
  bench.stack.defer(() => connection.close());
  const log = await logEvents(bench, (signal) => connection.events.lifecycle(signal));
  const page = await open('/');
  const guests = (await allGuests(dashboard.api, GUESTS)).filter(({ state }) => state === 'running');
  const latencies: number[] = [];
  for (let round = 0; round < bench.rounds(50); round++) {
    const guest = guests[round % guests.length];
    if (guest === undefined) throw new Error('No guest runs');
    const selector = `[data-guest="${guest.hostId}/${guest.uuid}"]`;
    for (const [command, text] of [
      ['suspend', 'paused'],
      ['resume', 'running'],
    ] as const) {
      const changed = await watchFor(page, { selector, text, count: 1 });
      log.clear();
      await virsh(host(lab), command, guest.uuid);
      const event = await log.first(
        `event of ${command}`,
        ({ domain }) => formatUuid(domain.uuid) === guest.uuid,
      );
      latencies.push((await changed()) - event.at);
    }
  }
  await page.context().close();
  return latencies;
}

/** A snapshot makes a chain longer; the pull that somebody else runs makes it shorter again, and the graph with it. */
async function chainsOnGuest(bench: Bench, lab: Lab, dashboard: OwnDashboard, open: Open): Promise<number[]> {
  const connection = await connect(host(lab).uri);
  bench.stack.defer(() => connection.close());
  const log = await logEvents(bench, (signal) => connection.events.blockJob(signal));
  const target = lab.guests.find(({ disks }) => disks[0]?.images.length === 2);
  if (target === undefined) throw new Error('No guest has a chain of 2');
  const { hostId, uuid } = await guestWith(dashboard.api, target.name, 2);
  const page = await open(`/h/${hostId}/${uuid}/vda`);
  await page.locator(IMAGES).nth(1).waitFor();
  const latencies: number[] = [];
  for (let round = 0; round < bench.rounds(30); round++) {
    const longer = await watchFor(page, { selector: IMAGES, count: 3 });
    await snapshot(lab, target, round);
    await longer();
    const shorter = await watchFor(page, { selector: IMAGES, count: 2 });
    log.clear();
    await virsh(host(lab), 'blockpull', uuid, 'vda', '--base', target.disks[0]?.images.at(-1) ?? '');
    const event = await log.first('the end of the pull', ({ domain, status }) => {
      return formatUuid(domain.uuid) === uuid && status === BlockJobStatus.COMPLETED;
    });
    latencies.push((await shorter()) - event.at);
  }
  await page.context().close();
  return latencies;
}

async function snapshot(lab: Lab, { uuid }: LabGuest, round: number): Promise<void> {
  const path = `${host(lab).images}/snapshot-${round}.qcow2`;
  const how = ['--disk-only', '--no-metadata', '--diskspec', `vda,file=${path}`];
  await virsh(host(lab), 'snapshot-create-as', uuid, ...how);
}

function spread(samples: readonly number[]): string {
  const at = (percent: number) => `${percentile(samples, percent).toFixed(0)} ms`;
  return `median ${at(50)}, worst ${at(100)}, of ${samples.length}`;
}
