import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { live, openBrowser, openPage } from '../browser.ts';
import { allGuests, ownDashboard } from '../dashboard.ts';
import { host, ownLab, smallGuests } from '../lab.ts';
import { atMost } from '../measurement.ts';
import type { Row } from '../row.ts';

const GUESTS = 100;
const RUNNING = 20;
/** V8 tidies up when a process has been at rest for about ten seconds. */
const REST_MS = 30_000;

/** The memory of the server that has been used for a while: pages read, plans made, a browser still open. */
export const serverMemory: Row = {
  name: 'server-memory',
  async run(bench) {
    const lab = await ownLab(bench, smallGuests(GUESTS, RUNNING));
    const { dashboard, api, session } = await ownDashboard(bench, host(lab).uri);
    const guests = await allGuests(api, GUESTS);
    const fresh = await memory(dashboard.pid);
    const page = await openPage(await openBrowser(bench), session, '/');
    const opened = guests.slice(0, bench.rounds(RUNNING));
    const visits = opened.length * 2;
    for (const { hostId, uuid, disks } of opened) {
      await page.goto(
        `/h/${hostId}/${uuid}/vda${(disks[0]?.chain?.images.length ?? 0) > 1 ? '?image=' : ''}`,
      );
      await live(page);
      await page.goto('/');
      await live(page);
    }
    const busy = await memory(dashboard.pid);
    await delay(REST_MS);
    const rested = await memory(dashboard.pid);
    const detail =
      `30 s after ${visits} pages; ${fresh.now.toFixed(0)} MB before the first, ` +
      `${busy.now.toFixed(0)} MB right after the last, ${rested.most.toFixed(0)} MB at most`;
    return [atMost('Server memory (RSS) with 100 guests', rested.now, { unit: 'MB', goal: 200 }, detail)];
  },
};

/** Resident memory of a process in MB (10⁶ bytes): now, and the most it ever was. */
async function memory(pid: number): Promise<{ now: number; most: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const field = (name: string) => {
    const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
    if (kibibytes === undefined) throw new Error(`/proc/${pid}/status has no ${name}`);
    return (Number(kibibytes) * 1024) / 1e6;
  };
  return { now: field('VmRSS'), most: field('VmHWM') };
}
