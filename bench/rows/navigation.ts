import type { Browser, Page } from '@playwright/test';
import { freePort } from '../../bin/dashboard.ts';
import { apiOf } from '../api.ts';
import { live, openBrowser, signedIn } from '../browser.ts';
import { allGuests, guestWith, type Session, signIn, start, stateFolder } from '../dashboard.ts';
import { host, ownLab, smallGuests } from '../lab.ts';
import { atMost } from '../measurement.ts';
import { median } from '../percentile.ts';
import type { Row } from '../row.ts';
import { scriptBytes } from '../script-bytes.ts';

const GUESTS = 30;
const RUNNING = 10;

/** A server that has answered no page yet, a browser that has nothing of it: how soon the guests are drawn, by how much script. */
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
      visits.push(await served(() => visit(browser, session, '/', GUESTS)));
    }
    const guest = await served(async () => {
      const api = apiOf(session);
      await allGuests(api, GUESTS);
      const { hostId, uuid } = await guestWith(api, 'guest-004', 5);
      return visit(browser, session, `/h/${hostId}/${uuid}/vda`, GUESTS);
    });
    const drawn = visits.map((one) => one.drawn);
    const joined = median(visits.map((one) => one.joined));
    const goal = { unit: 'kB', goal: 300 };
    const fleetScript = median(visits.map((one) => one.script));
    return [
      atMost(
        'Navigation to the drawn list of 30 guests, cold server',
        median(drawn) / 1000,
        { unit: 's', goal: 1 },
        `median of ${drawn.length} cold starts, slowest ${Math.max(...drawn).toFixed(0)} ms; live after ${joined.toFixed(0)} ms`,
      ),
      atMost(
        'JavaScript of the fleet page, compressed',
        fleetScript / 1000,
        goal,
        'all that was transferred',
      ),
      atMost(
        'JavaScript of the guest page, compressed',
        guest.script / 1000,
        goal,
        'the same, coming from nowhere else',
      ),
    ];
  },
};

interface Visit {
  /** Milliseconds from the beginning of the navigation to the frame in which all guests were drawn. */
  readonly drawn: number;
  /** The same, to the page having joined the stream of changes. */
  readonly joined: number;
  /** Bytes of script, as transferred. */
  readonly script: number;
}

async function visit(browser: Browser, session: Session, path: string, guests: number): Promise<Visit> {
  const context = await signedIn(browser, session);
  try {
    const page = await context.newPage();
    await page.addInitScript(noteDrawing, guests);
    const script = scriptBytes(page);
    await page.goto(path);
    const drawn = await drawnAt(page);
    await live(page);
    const joined = await page.evaluate(() => performance.now());
    return { drawn, joined, script: await script() };
  } finally {
    await context.close();
  }
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
  const look = () => {
    if (document.querySelectorAll('[data-guest]').length < guests) requestAnimationFrame(look);
    // The frame that this callback belongs to shows them; the next task comes after it.
    else requestAnimationFrame(() => setTimeout(() => (window.drawnAt = performance.now())));
  };
  look();
}

async function drawnAt(page: Page): Promise<number> {
  const drawn = await page.waitForFunction(() => window.drawnAt || false);
  return Number(await drawn.jsonValue());
}
