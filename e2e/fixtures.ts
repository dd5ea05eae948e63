import { type BrowserContext, test as base, expect, type Page } from '@playwright/test';
import { createGuest, destroyGuest } from '../lab/guest.ts';
import type { GuestSpec } from '../lab/guest-spec.ts';
import { type Lab, type LabGuest, read } from '../lab/lab.ts';
import { virsh } from '../lab/virsh.ts';
import { assembleWriter, waitForWrites, writerSpec } from '../lab/writer.ts';
import { Server, type Settings } from './server.ts';
import { signIn } from './sign-in.ts';
import { Watch } from './watch.ts';

export { expect } from '@playwright/test';

export interface LabOptions {
  /** Folder of the lab that the global setup brought up. */
  labDir: string;
}

interface OfWorker {
  lab: Lab;
  /** Shared by the worker's tests: none may stop it. */
  dashboard: Server;
  /** The cookies of somebody who is signed in there. */
  session: Awaited<ReturnType<BrowserContext['storageState']>>;
}

type Unnamed = Omit<GuestSpec, 'name'>;

interface OfTest {
  /** Makes a guest that goes when the test ends. Its name is its own, so that tests don't meet. */
  makeGuest(spec: (name: string) => Unnamed | Promise<Unnamed>): Promise<LabGuest>;
  /** The same for the guest that writes all the time; it has logged so many writes. */
  makeWriter(writes: number): Promise<LabGuest>;
  /** The page's errors; one that is not expected fails the test. */
  watch: Watch;
  /** A page in another browser of the same person. */
  secondPage: Page;
  /** Settings of the test's own dashboard. */
  ownSettings: Settings;
  /** A dashboard for this test alone, to kill and to start again. */
  ownDashboard: Server;
  /** A page of that one, signed in. What the browser says while the server is down is nobody's error. */
  ownPage: Page;
  serverLog: undefined;
}

const FIRST_PORT = 41_000;
const PORTS_PER_WORKER = 100;
/** No guest's name is a part of another's. */
const NAMES = ['red', 'blue', 'green', 'black'];
let made = 0;

export const test = base.extend<OfTest, OfWorker & LabOptions>({
  labDir: ['', { scope: 'worker', option: true }],

  lab: [async ({ labDir }, use) => use(await read(labDir)), { scope: 'worker' }],

  dashboard: [
    async ({ lab }, use, { parallelIndex }) => {
      const server = await Server.open(lab, FIRST_PORT + PORTS_PER_WORKER * parallelIndex);
      await use(server);
      await server.close();
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  session: [
    async ({ dashboard, browser }, use) => {
      const context = await browser.newContext();
      await signIn(await context.newPage(), dashboard);
      const state = await context.storageState();
      await context.close();
      await use(state);
    },
    { scope: 'worker' },
  ],

  baseURL: ({ dashboard }, use) => use(dashboard.origin),

  storageState: ({ session }, use) => use(session),

  watch: async ({ dashboard }, use) => {
    const watch = new Watch(dashboard.origin);
    await use(watch);
    expect(watch.unexpected(), 'errors in the browser').toEqual([]);
  },

  context: async ({ context, watch }, use) => {
    watch.follow(context);
    await use(context);
  },

  secondPage: async ({ browser, session, dashboard, watch }, use) => {
    const context = await browser.newContext({ storageState: session, baseURL: dashboard.origin });
    watch.follow(context);
    await use(await context.newPage());
    await context.close();
  },

  // Made first, and so ended last: no page is left looking at a guest that goes.
  makeGuest: [
    async ({ lab }, use, { parallelIndex }) => {
      const guests: LabGuest[] = [];
      await use(async (spec) => {
        made += 1;
        const name = `${NAMES[parallelIndex % NAMES.length]}-${String(made).padStart(3, '0')}`;
        const guest = await createGuest(lab, { ...(await spec(name)), name });
        guests.push(guest);
        return guest;
      });
      for (const guest of guests) await destroyGuest(lab, await whereIs(lab, guest));
    },
    { auto: true },
  ],

  makeWriter: async ({ lab, makeGuest }, use) => {
    await use(async (writes) => {
      await assembleWriter(lab.dir);
      const guest = await makeGuest((name) => writerSpec(lab.dir, { name }));
      await waitForWrites(guest, writes);
      return guest;
    });
  },

  ownSettings: [{}, { option: true }],

  ownDashboard: async ({ lab, ownSettings }, use, { parallelIndex }) => {
    const port = FIRST_PORT + PORTS_PER_WORKER * parallelIndex + 50;
    const server = await Server.open(lab, port, ownSettings);
    await use(server);
    await server.close();
  },

  ownPage: async ({ ownDashboard, browser }, use) => {
    const context = await browser.newContext({ baseURL: ownDashboard.origin });
    const page = await context.newPage();
    await signIn(page, ownDashboard);
    await use(page);
    await context.close();
  },

  serverLog: [
    async ({ dashboard }, use, testInfo) => {
      const before = (await dashboard.log()).length;
      await use(undefined);
      if (testInfo.status === testInfo.expectedStatus) return;
      const log = (await dashboard.log()).slice(before);
      await testInfo.attach('log of the dashboard', { body: log, contentType: 'text/plain' });
    },
    { auto: true },
  ],
});

/** The guest on the host that has it now: it may have migrated. */
async function whereIs(lab: Lab, guest: LabGuest): Promise<LabGuest> {
  for (const host of lab.hosts) {
    const there = await virsh(host, 'list', '--all', '--uuid');
    if (there.includes(guest.uuid)) return { ...guest, host: host.name };
  }
  return guest;
}
