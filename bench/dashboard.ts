import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, type Dashboard, serve } from '../bin/dashboard.ts';
import { freePort } from '../bin/port.ts';
import type { Guest } from '../model/fleet/guest.ts';
import { type Api, apiOf } from './api.ts';
import { eventually } from './eventually.ts';
import type { Bench } from './row.ts';
import type { Session } from './session.ts';

export interface OwnDashboard {
  readonly dashboard: Dashboard;
  readonly session: Session;
  readonly api: Api;
}

const FIRST_PORT = 3400;

/** A folder for the dashboard's state that goes with the row. */
export async function stateFolder({ stack }: Bench): Promise<string> {
  const state = await mkdtemp(join(tmpdir(), 'bc-bench-state-'));
  stack.defer(() => rm(state, { recursive: true, force: true }));
  return state;
}

/** The production dashboard on one host, and somebody signed in to it. */
export async function ownDashboard(bench: Bench, uri: string): Promise<OwnDashboard> {
  const state = await stateFolder(bench);
  const starting = start(bench, uri, state, await freePort(FIRST_PORT));
  // Before it is there, so that a run stopped meanwhile leaves none; one that did not start is reported below.
  bench.stack.defer(() =>
    starting.then(
      (started) => started.stop(),
      () => undefined,
    ),
  );
  const dashboard = await starting;
  const session = await signIn(dashboard, state);
  return { dashboard, session, api: apiOf(session) };
}

export async function start(bench: Bench, uri: string, state: string, port: number): Promise<Dashboard> {
  const stopped = new AbortController();
  bench.stack.defer(() => stopped.abort());
  await build(bench.say, stopped.signal);
  const env = { BACKCHAIN_HOSTS: `alpha=${uri}`, BACKCHAIN_STATE: state, BACKCHAIN_LOG: 'warn' };
  return serve({ port, env, log: 'inherit' });
}

/** Signs the administrator in by a link, as a person without a password would. */
export async function signIn({ origin }: Dashboard, state: string): Promise<Session> {
  const { stdout } = await promisify(execFile)(process.execPath, ['server/auth/sign-in-link.ts'], {
    env: { ...process.env, BACKCHAIN_STATE: state },
  });
  const token = new URL(stdout.trim()).searchParams.get('token');
  const response = await fetch(`${origin}/api/auth/sign-in/link`, {
    method: 'POST',
    headers: { Origin: origin, 'Content-Type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  const [, name, value] = /^([^=]+)=([^;]*)/.exec(response.headers.getSetCookie()[0] ?? '') ?? [];
  if (!response.ok || name === undefined || value === undefined)
    throw new Error(`Signing in answered ${response.status}: ${await response.text()}`);
  return { origin, cookie: { name, value } };
}

/** The guest of this name, as soon as the dashboard shows it with a chain of so many images. */
export function guestWith(api: Api, name: string, images: number): Promise<Guest> {
  return eventually(`${name} with ${images} images`, async () => {
    const { guests } = await api.guests.list.query();
    return guests.find((guest) => guest.name === name && guest.disks[0]?.chain?.images.length === images);
  });
}

/** Resolves when the dashboard shows so many guests. */
export async function allGuests(api: Api, count: number): Promise<readonly Guest[]> {
  return eventually(`${count} guests`, async () => {
    const { guests } = await api.guests.list.query();
    return guests.length === count ? guests : undefined;
  });
}
