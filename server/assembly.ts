import { withLeftovers } from '../model/fleet/dependents.ts';
import { DEFAULT_RESERVE, type Reserve } from '../model/fleet/free-space.ts';
import { applied, type Operation, type Progress } from '../model/operation/operation.ts';
import type { AddedEntry } from '../model/operation/stream-event.ts';
import { ProblemError } from '../model/problem.ts';
import { ImageHeaders } from './hosts/doctor/image-headers.ts';
import { Fleet, type FleetEvent } from './hosts/fleet/fleet.ts';
import { AllocationMaps } from './hosts/guests/allocation-maps.ts';
import { BlockJobs } from './hosts/guests/block-jobs.ts';
import { Definitions } from './hosts/guests/definitions.ts';
import { DiskFlush } from './hosts/guests/disk-flush.ts';
import { DiskJobs } from './hosts/guests/disk-jobs.ts';
import { FreshGuests } from './hosts/guests/fresh-guests.ts';
import { GuestRuns } from './hosts/guests/guest-runs.ts';
import { Migrations } from './hosts/guests/migrations.ts';
import { PausedStarts } from './hosts/guests/paused-starts.ts';
import { Snapshots } from './hosts/guests/snapshots.ts';
import { Destinations } from './hosts/pools/destinations.ts';
import { ImageSpace } from './hosts/pools/image-space.ts';
import { OverlayVolumes } from './hosts/pools/overlay-volumes.ts';
import { poolsWithFreeSpace } from './hosts/pools/storage-pools.ts';
import { findDependents } from './hosts/references/dependents.ts';
import { ImageIdentities } from './hosts/references/image-identity.ts';
import { LeftoverVolumes } from './hosts/references/leftover-volumes.ts';
import { findLeftovers } from './hosts/references/leftovers.ts';
import { connect, isConnectionLost } from './libvirt/index.ts';
import { Engine } from './operations/engine.ts';
import { driverOf } from './operations/kinds.ts';
import { Planner } from './operations/planner.ts';
import type { History } from './ports/history.ts';
import type { Journal } from './ports/journal.ts';
import type { Ports } from './ports/ports.ts';
import type { WriteHistory } from './ports/write-history.ts';
import { type ImageHistory, leftOn, leftoverFacts } from './services/leftover-facts.ts';
import { DEFAULT_JOBS_PER_HOST } from './settings/jobs-per-host.ts';

/** The fleet and the engine, put together. */
export interface Assembly {
  readonly fleet: Fleet;
  readonly ports: Ports;
  readonly planner: Planner;
  readonly engine: Engine;
  readonly leftovers: Ports['leftovers'];
  /** Takes up what the journal says is unfinished, once the hosts are added. */
  resume(): Promise<void>;
  /** Closes everything; QEMU's jobs continue. */
  stop(): Promise<void>;
}

export interface AssemblyParts {
  readonly journal: Journal;
  readonly images: Pick<ImageHistory, 'kept' | 'ended'>;
  readonly writes: WriteHistory;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  happened(event: FleetEvent): void;
  changed(operation: Operation, added: AddedEntry): void;
  progressed(progress: Progress): void;
  /** An operation met an error that nobody foresaw. */
  broke(operation: Operation, error: unknown): void;
  warn(message: string, error: unknown): void;
  /** What was done before, from which plans predict how long they take. */
  readonly history?: Pick<History, 'succeeded'>;
  /** Operations with work for QEMU at a time on one host; the rest queue. Default 2. */
  readonly jobsPerHost?: number;
  /** What operations leave free in every file system. */
  readonly reserve?: Reserve;
  /** How a daemon is connected to; tests replace it. */
  readonly connectTo?: typeof connect;
}

export function assemble({ journal, clock, happened, ...parts }: AssemblyParts): Assembly {
  const fleet = new Fleet(parts.connectTo ?? connect, parts.warn, parts.writes);
  const { reserve = DEFAULT_RESERVE } = parts;
  const imageSpace = new ImageSpace(fleet, reserve);
  const pausedStarts = new PausedStarts(fleet);
  const volumes = new LeftoverVolumes(fleet);
  const images: ImageHistory = { ...parts.images, unfinished: () => journal.unfinished() };
  const leftovers: Ports['leftovers'] = {
    find: async (hostId) => findLeftovers(fleet, hostId, await leftoverFacts(fleet, images, hostId)),
    stateOf: (hostId, file) => volumes.stateOf(hostId, file),
    remove: (hostId, file) => volumes.remove(hostId, file),
  };
  const ports: Ports = {
    freshGuests: new FreshGuests(fleet),
    diskJobs: new DiskJobs(fleet, imageSpace),
    diskFlush: new DiskFlush(fleet),
    imageSpace,
    allocationMaps: new AllocationMaps(fleet),
    hosts: {
      host: (id) => fleet.hosts().find((host) => host.id === id) ?? null,
      guestsOf: (id) => fleet.supervisor(id).inventory().guests(),
      usersOf: (id) => fleet.usersOf(id),
      isLost: (error) =>
        isConnectionLost(error) || (error instanceof ProblemError && error.problem.code === 'NOT_CONNECTED'),
    },
    migration: {
      migrations: new Migrations(fleet),
      overlays: new OverlayVolumes(fleet),
      images: new ImageIdentities(fleet),
      pools: (id) => poolsWithFreeSpace(fleet.supervisor(id)),
    },
    snapshots: new Snapshots(fleet),
    pausedStarts,
    destinations: new Destinations(fleet, reserve),
    jobs: new BlockJobs(fleet),
    definitions: new Definitions(fleet),
    headers: new ImageHeaders(fleet),
    guests: new GuestRuns(fleet),
    leftovers,
    history: {
      succeeded: async (hostId) => (await parts.history?.succeeded(hostId)) ?? [],
      operation: async (id) => (await journal.entries(id)).reduce<Operation | null>(applied, null),
    },
    dependents: {
      async of(ref, wanted) {
        const found = await findDependents(fleet, ref, wanted);
        return found.overlays.length === 0
          ? found
          : withLeftovers(found, await leftOn(fleet, images, ref.hostId));
      },
    },
  };
  const planner = new Planner(ports);
  const { changed, progressed, broke } = parts;
  const engine = new Engine({
    planner,
    jobsPerHost: parts.jobsPerHost ?? DEFAULT_JOBS_PER_HOST,
    hosts: ports.hosts,
    driver: (plan, step) => driverOf(ports, plan, step),
    journal,
    clock,
    changed,
    progressed,
    broke,
  });
  const quiet = fleet.listen((event) => {
    if (event.kind === 'job-end') engine.jobEnded(event.end);
    if (event.kind === 'host') engine.hostChanged(event.host.id);
    if (event.kind === 'host-removed') engine.hostChanged(event.hostId);
    if (event.kind === 'guest') engine.guestChanged(event.guest);
    if (event.kind === 'guest-gone') engine.hostChanged(event.guest.hostId);
    happened(event);
  });
  return {
    fleet,
    ports,
    planner,
    engine,
    leftovers,
    resume: () => engine.resume(),
    async stop() {
      quiet();
      await engine.stop();
      await pausedStarts.stop();
      await fleet.stop();
    },
  };
}
