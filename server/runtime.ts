import { mkdir } from 'node:fs/promises';
import pino from 'pino';
import type { DiskRef } from '../model/fleet/disk.ts';
import type { Context } from './api/context.ts';
import { assemble } from './assembly.ts';
import { type OpenAuth, openAuth } from './auth/open-auth.ts';
import { Broadcast } from './broadcast.ts';
import { WatchedGuests } from './hosts/fleet/watched-guests.ts';
import { crossSectionOf } from './hosts/guests/cross-sections.ts';
import { imageUses } from './hosts/references/image-uses.ts';
import { doctorService } from './services/doctor-service.ts';
import { fleetService } from './services/fleet-service.ts';
import { imageHistory } from './services/leftover-facts.ts';
import { leftoverService } from './services/leftover-service.ts';
import { operationsService } from './services/operations-service.ts';
import { jobsPerHostSetting } from './settings/jobs-per-host.ts';
import { configuredHosts } from './settings/known-hosts.ts';
import { reserveSetting } from './settings/reserve.ts';
import { holdAlone } from './store/exclusive.ts';
import { historyIn, writeHistoryIn } from './store/history.ts';
import { stateDirectory } from './store/state-directory.ts';
import { openStore } from './store/store.ts';

/** The server's parts, put together. One for each process. */
export interface Runtime {
  readonly auth: OpenAuth;
  /** For one request: who asks, and what procedures may use. */
  context(headers: Headers): Promise<Context>;
  /** Closes everything; QEMU's jobs continue. */
  stop(): Promise<void>;
}

/** Opens the runtime of this process once; `running.ts` finds it. */
export function startRuntime(env: NodeJS.ProcessEnv): Promise<Runtime> {
  globalThis.backchain ??= open(env);
  return globalThis.backchain;
}

async function open(env: NodeJS.ProcessEnv): Promise<Runtime> {
  const log = pino({ level: env.BACKCHAIN_LOG ?? 'info' }, pino.destination(2));
  const now = Date.now;
  const state = stateDirectory(env);
  await mkdir(state.path, { recursive: true, mode: 0o700 });
  const release = holdAlone(state.lock);
  const store = await openStore(state.database);
  const auth = await openAuth(store, state, env);

  const assembly = assemble({
    journal: store.journal,
    images: imageHistory(store),
    writes: writeHistoryIn(store.journal),
    history: historyIn(store.journal),
    clock: now,
    jobsPerHost: jobsPerHostSetting(env.BACKCHAIN_JOBS_PER_HOST),
    reserve: reserveSetting(env.BACKCHAIN_RESERVE),
    happened: (event) => {
      if (event.kind !== 'job-end') broadcast.send(event);
    },
    changed: (operation, added) =>
      broadcast.send({ kind: 'operation', operation, newest: added.entry.id, added }),
    progressed: (progress) => broadcast.send({ kind: 'progress', progress }),
    broke: (operation, error) => log.error({ err: error, operation: operation.id }, 'An operation broke'),
    warn: (message, error) => log.warn({ err: error }, message),
  });
  const { fleet, planner, engine } = assembly;
  const watched = new WatchedGuests(fleet);
  const broadcast: Broadcast = new Broadcast({
    revision: () => fleet.revision(),
    journal: store.journal,
    progress: () => engine.progress(),
    watch: (guest) => watched.watch(guest),
  });
  for (const { uri, name } of await configuredHosts(env)) fleet.add(uri, name);
  for (const { uri } of await store.hosts.all()) fleet.add(uri);
  await assembly.resume();
  const link = await auth.firstLink();
  if (link !== null)
    process.stderr.write(`Nobody has signed in yet. Open this link, it is valid once:\n\n  ${link}\n\n`);

  const services = {
    fleet: fleetService(fleet, store, now),
    chains: {
      section: (disk: DiskRef, buckets: number) =>
        crossSectionOf(fleet, assembly.ports.allocationMaps, disk, buckets),
    },
    plans: planner,
    operations: operationsService({ engine, journal: store.journal }),
    events: broadcast,
    leftovers: leftoverService({ ...assembly, kept: store.kept, now }),
    images: { list: (hostId: string) => imageUses(fleet, hostId) },
    doctor: doctorService({
      fleet,
      freshGuests: assembly.ports.freshGuests,
      unfinished: () => store.journal.unfinished(),
    }),
  };
  return {
    auth,
    context: async (headers) => ({ ...services, session: await auth.session(headers) }),
    stop: async () => {
      await assembly.stop();
      auth.close();
      await store.close();
      release();
    },
  };
}
