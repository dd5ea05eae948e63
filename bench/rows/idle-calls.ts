import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser } from '@playwright/test';
import type { Lab } from '../../lab/lab.ts';
import { openBrowser, openPage } from '../browser.ts';
import { bursts } from '../bursts.ts';
import { type CountedCall, countCalls } from '../counting-proxy.ts';
import { allGuests, guestWith, ownDashboard } from '../dashboard.ts';
import { host, ownLab, smallGuests } from '../lab.ts';
import { atMost } from '../measurement.ts';
import type { Bench, Row } from '../row.ts';

const GUESTS = 10;
const RUNNING = 5;
const IDLE_S = 60;
/** Half of the ten seconds between two refreshes, so that none falls on the edge of what is counted. */
const SETTLE_MS = 5000;
/** Calls closer to each other than this belong together. */
const BURST_MS = 2000;

/** What the dashboard asks of libvirt while nothing happens, counted on the wire between the two. */
export const idleCalls: Row = {
  name: 'idle-calls',
  async run(bench) {
    const lab = await ownLab(bench, smallGuests(GUESTS, RUNNING));
    const browser = await openBrowser(bench);
    const fleet = await watched(bench, lab, browser, 'fleet');
    const guest = await watched(bench, lab, browser, 'guest');
    const ms = bench.span(IDLE_S);
    await delay(SETTLE_MS);
    const since = Date.now();
    await delay(ms);
    const [onFleet, onGuest] = [fleet, guest].map((calls) =>
      calls.filter(({ at }) => at > since && at <= since + ms),
    );
    const refreshes = bursts(onGuest?.map(({ at }) => at) ?? [], BURST_MS);
    const seconds = ms / 1000;
    return [
      atMost(
        'libvirt calls in 60 idle seconds, fleet page',
        onFleet?.length ?? 0,
        { unit: 'calls', goal: 0 },
        `in ${seconds} s, of ${fleet.length} since the start: ${counts(onFleet ?? []) || 'none'}`,
      ),
      atMost(
        'Refreshes in 60 idle seconds, guest page',
        refreshes,
        { unit: 'refreshes', goal: IDLE_S / 10 },
        `in ${seconds} s, ${onGuest?.length ?? 0} calls: ${counts(onGuest ?? []) || 'none'}`,
      ),
    ];
  },
};

/** The calls of a dashboard of its own that has this page open. */
async function watched(bench: Bench, lab: Lab, browser: Browser, page: 'fleet' | 'guest') {
  const { socket } = host(lab);
  // Beside the daemon's own: the dashboard also reads the guests' status files there.
  const own = join(dirname(socket), `${page}-sock`);
  const calls = await countCalls(bench, socket, own);
  const { api, session } = await ownDashboard(bench, `qemu+unix:///session?socket=${own}`);
  await allGuests(api, GUESTS);
  const { hostId, uuid } = await guestWith(api, lab.guests[RUNNING - 1]?.name ?? '', RUNNING);
  await openPage(browser, session, page === 'fleet' ? '/' : `/h/${hostId}/${uuid}/vda`);
  // The inventory came through here, or nothing is counted at all.
  if (calls.length < GUESTS)
    throw new Error(`Only ${calls.length} calls were seen while ${GUESTS} guests were loaded`);
  return calls;
}

function counts(calls: readonly CountedCall[]): string {
  const names = new Map<string, number>();
  for (const { name } of calls) names.set(name, (names.get(name) ?? 0) + 1);
  return [...names].map(([name, count]) => `${count} × ${name}`).join(', ');
}
