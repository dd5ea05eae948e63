import type { Browser, Page } from '@playwright/test';
import { freePort } from '../../bin/port.ts';
import { apiOf } from '../api.ts';
import { live, openBrowser, signedIn } from '../browser.ts';
import { allGuests, guestWith, signIn, start, stateFolder } from '../dashboard.ts';
import { host, ownLab, smallGuests } from '../lab.ts';
import { atMost } from '../measurement.ts';
import { median } from '../percentile.ts';
import type { Bench, Row } from '../row.ts';
import { meterScript } from '../script-meter.ts';
import type { Session } from '../session.ts';

const GUESTS = 30;
const RUNNING = 10;

/** A server that has answered nobody's page yet, a browser that has nothing of it: how soon the guests are drawn, by how much script. */
export const navigation: Row = {
  name: 'navigation',
  async run(bench) {
    const { uri } = host(await ownLab(bench, smallGuests(GUESTS, RUNNING)));
    const state = await stateFolder(bench);
    const port = await freePort(3450);
    const browser = await openBrowser(bench);
    const served = async <T>(use: () => Promise<T>): Promise<T> => {
      const dashboard = await start(bench, uri, state, port);
      try {
        return await use();
      } finally {
        await dashboard.stop();
      }
    };
    // The session outlives the server that it was made at, so that the first page is the first thing that is asked for.
    const dashboard = await start(bench, uri, state, port);
    const session = await signIn(dashboard, state).finally(() => dashboard.stop());

    const visits: Visit[] = [];
    for (let round = 0; round < bench.rounds(7); round++) {
      visits.push(await served(() => visit(browser, session, GUESTS)));
    }
    const script = await served(async () => {
      const api = apiOf(session);
      await allGuests(api, GUESTS);
      const { hostId, uuid } = await guestWith(api, 'guest-004', 5);
      const fleet = await scriptOf(bench, browser, session, '/');
      return { fleet, guest: await scriptOf(bench, browser, session, `/h/${hostId}/${uuid}/vda`) };
    });
    const drawn = visits.map((one) => one.drawn);
    const joined = median(visits.map((one) => one.joined));
    const goal = { unit: 'kB', goal: 300 };
    return [
      atMost(
        'Navigation to the drawn list of 30 guests, cold server',
        median(drawn) / 1000,
        { unit: 's', goal: 1 },
        `median of ${drawn.length} cold starts, slowest ${Math.max(...drawn).toFixed(0)} ms; live after ${joined.toFixed(0)} ms`,
      ),
      atMost('JavaScript of the fleet page, compressed', script.fleet / 1000, goal, 'workers included'),
      atMost('JavaScript of the guest page, compressed', script.guest / 1000, goal, 'workers included'),
    ];
  },
};

interface Visit {
  /** Milliseconds from the beginning of the navigation to the frame in which all guests were drawn. */
  readonly drawn: number;
  /** The same, to the page having joined the stream of changes. */
  readonly joined: number;
}

async function visit(browser: Browser, session: Session, guests: number): Promise<Visit> {
  await using context = await signedIn(browser, session);
  const page = await context.newPage();
  await page.addInitScript(noteDrawing, guests);
  await page.goto('/');
  const drawn = await drawnAt(page);
  await live(page);
  return { drawn, joined: await page.evaluate(() => performance.now()) };
}

/** Bytes of script that a browser with an empty cache loads for a page. */
async function scriptOf(bench: Bench, browser: Browser, session: Session, path: string): Promise<number> {
  const meter = await meterScript(bench, session.origin);
  await using context = await signedIn(browser, { ...session, origin: meter.origin });
  const page = await context.newPage();
  await page.goto(path);
  await live(page);
  return meter.settled();
}

declare global {
  interface Window {
    /** Milliseconds since the beginning of the navigation; 0 as long as not all guests are drawn. */
    drawnAt: number;
  }
}

/** Runs in the page before anything else of it. */
function noteDrawing(guests: number): void {
  window.drawnAt = 0;
  const check = () => {
    if (document.querySelectorAll('[data-guest]').length < guests) requestAnimationFrame(check);
    // The frame that this callback belongs to shows them; the next task comes after it.
    else requestAnimationFrame(() => setTimeout(() => (window.drawnAt = performance.now())));
  };
  check();
}

async function drawnAt(page: Page): Promise<number> {
  const drawn = await page.waitForFunction(() => window.drawnAt || false);
  return Number(await drawn.jsonValue());
}
