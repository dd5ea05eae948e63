import { vi } from 'vitest';
import type { ClusterMap } from '../../model/content/cluster-map.ts';
import type { TargetLayout } from '../../model/content/target-layout.ts';
import { flattened } from '../../model/fleet/chain.ts';
import type { Disk, DiskRef, GuestRef } from '../../model/fleet/disk.ts';
import type { FreeSpace } from '../../model/fleet/free-space.ts';
import { diskOf, type Guest } from '../../model/fleet/guest.ts';
import type { Image } from '../../model/fleet/image.ts';
import {
  applied,
  isOver,
  type JournalEntry,
  type JournalEvent,
  type Operation,
} from '../../model/operation/operation.ts';
import { ProblemError, problem } from '../../model/problem.ts';
import { chainOf, diskWith, FACTS, flattenTo, guestWith } from '../../model/testing.ts';
import type { AllocationMaps } from '../ports/allocation-maps.ts';
import type { DiskFlush } from '../ports/disk-flush.ts';
import type { DiskJobs } from '../ports/disk-jobs.ts';
import type { FreshGuests } from '../ports/fresh-guests.ts';
import type { Hosts } from '../ports/hosts.ts';
import type { ImageSpace } from '../ports/image-space.ts';
import type { JobEnding } from '../ports/job-end.ts';
import type { Journal } from '../ports/journal.ts';
import type { Ports } from '../ports/ports.ts';
import { Engine, type EngineParts } from './engine.ts';
import { driverOf } from './kinds.ts';
import { Planner } from './planner.ts';
import type { StepMemory } from './verdict.ts';

/** The loss of a host, as the hosts' own code would report it. */
export class LostError extends Error {}

/** A journal in memory. Like the real one it answers later, and in the order of the calls. */
export class MemoryJournal implements Journal {
  readonly all: JournalEntry[] = [];
  /** What the next appends throw. */
  broken: Error | null = null;
  readonly #operations = new Map<string, Operation>();

  async append(
    operationId: string,
    events: readonly JournalEvent[],
    at: number,
  ): Promise<readonly JournalEntry[]> {
    await Promise.resolve();
    if (this.broken !== null) throw this.broken;
    return events.map((event) => {
      const entry = { id: this.all.length + 1, operationId, event, at };
      this.#operations.set(operationId, applied(this.#operations.get(operationId) ?? null, entry));
      this.all.push(entry);
      return entry;
    });
  }

  async entries(operationId: string): Promise<readonly JournalEntry[]> {
    return this.all.filter((entry) => entry.operationId === operationId);
  }

  async unfinished(): Promise<readonly Operation[]> {
    return [...this.#operations.values()].filter((operation) => !isOver(operation));
  }

  operation(id: string): Operation {
    const found = this.#operations.get(id);
    if (found === undefined) throw new Error(`No operation ${id}`);
    return found;
  }

  kinds(id: string): string[] {
    return this.all.filter(({ operationId }) => operationId === id).map(({ event }) => event.kind);
  }
}

/** A host with guests on chains of three images, whose block jobs end when a test says so. It reports nothing by itself. */
export class FakeHost implements FreshGuests, DiskJobs, DiskFlush, ImageSpace, AllocationMaps {
  readonly calls: string[] = [];
  lost = false;
  /** Called in the middle of starting a pull, before the job is there. */
  starting: () => void | Promise<void> = () => {};
  readonly #guests = new Map<string, Guest>();

  /** A disk, and its guest where it is not there yet. */
  add(ref: DiskRef): void {
    const disk = { ...diskWith(chainOf('/active', '/sn1', '/base')), target: ref.target };
    const guest = this.#guests.get(ref.uuid);
    this.#guests.set(ref.uuid, guest ? { ...guest, disks: [...guest.disks, disk] } : guestWith(disk, ref));
  }

  change(ref: DiskRef, change: Partial<Guest>): Guest {
    const changed = { ...this.#guest(ref), ...change };
    this.#guests.set(ref.uuid, changed);
    return changed;
  }

  /** The job ends, with or without success. */
  end(ref: DiskRef, ending: JobEnding): void {
    const { disk } = this.#disk(ref);
    const chain = ending === 'completed' && disk.chain ? flattened(disk.chain, '/base') : disk.chain;
    this.#changeDisk(ref, { ...disk, chain, job: null });
  }

  running(): string[] {
    return [...this.#guests.values()]
      .filter(({ disks }) => disks.some(({ job }) => job))
      .map(({ uuid }) => uuid);
  }

  async guest(ref: GuestRef): Promise<Guest> {
    await Promise.resolve();
    return this.#guest(ref);
  }

  async disk(ref: DiskRef) {
    await Promise.resolve();
    return this.#disk(ref);
  }

  async startPull(ref: DiskRef, base: Image | null, bandwidth: number): Promise<void> {
    await this.starting();
    this.begin(ref, base, bandwidth);
  }

  /** QEMU has the job. */
  begin(ref: DiskRef, base: Image | null, bandwidth: number): void {
    const { disk } = this.#disk(ref);
    if (disk.job !== null) throw new Error('disk has an active block job');
    this.calls.push(`pull ${ref.uuid} ${base?.key} ${bandwidth}`);
    this.#changeDisk(ref, { ...disk, job: { kind: 'pull', bandwidth, cur: 0, end: 9, ready: false } });
  }

  async abortJob(ref: DiskRef): Promise<void> {
    this.#disk(ref);
    this.calls.push(`abort ${ref.uuid}`);
  }

  async setSpeed(ref: DiskRef, bandwidth: number): Promise<void> {
    const { disk } = this.#disk(ref);
    if (disk.job === null) throw new Error('no current block job');
    this.calls.push(`speed ${ref.uuid} ${bandwidth}`);
  }

  /** What the system throws when data is written to the disk. */
  broken: Error | null = null;

  async writeback(): Promise<void> {
    if (this.broken !== null) throw this.broken;
  }

  async flush(): Promise<boolean> {
    return true;
  }

  async sample(ref: DiskRef) {
    return { job: this.#disk(ref).disk.job, allocated: 1 };
  }

  async allocatedBy(): Promise<number | null> {
    return 1;
  }

  async freeSpaceAt(): Promise<FreeSpace | null> {
    return FACTS.freeSpace;
  }

  /** What is free now. */
  freeSpace: FreeSpace | null = FACTS.freeSpace;

  async freeSpaceNow(): Promise<FreeSpace | null> {
    return this.freeSpace;
  }

  basisOf(): 'tables' {
    return 'tables';
  }

  readErrorOf(): null {
    return null;
  }

  async mapsOf(): Promise<ReadonlyMap<string, ClusterMap>> {
    return new Map();
  }

  async layoutsOf(): Promise<ReadonlyMap<string, TargetLayout>> {
    return new Map();
  }

  #changeDisk(ref: DiskRef, changed: Disk): void {
    const { disks } = this.#guest(ref);
    this.change(ref, { disks: disks.map((disk) => (disk.target === ref.target ? changed : disk)) });
  }

  #guest({ uuid }: GuestRef): Guest {
    if (this.lost) throw new LostError('the connection is gone');
    const guest = this.#guests.get(uuid);
    if (guest === undefined) throw new ProblemError('not-found', problem('GUEST_UNKNOWN', { uuid }));
    return guest;
  }

  #disk(ref: DiskRef) {
    const guest = this.#guest(ref);
    const disk = diskOf(guest, ref.target);
    if (disk === null)
      throw new ProblemError('not-found', problem('DISK_UNKNOWN', { ...ref, guest: guest.name }));
    return { guest, disk };
  }
}

type HostPorts = Pick<Ports, 'freshGuests' | 'diskJobs' | 'diskFlush' | 'imageSpace' | 'allocationMaps'>;

/** The ports that the host fills. */
export function portsOf(host: FakeHost): HostPorts {
  return { freshGuests: host, diskJobs: host, diskFlush: host, imageSpace: host, allocationMaps: host };
}

/** Of a step that has not begun. */
export const NOTHING: StepMemory = {
  intended: false,
  seen: false,
  finishing: false,
  cancelling: false,
  ending: null,
  reason: null,
  settled: false,
};

/** The ports that a pull of a running guest does not use: any call fails. */
export const UNREACHED: Omit<Ports, keyof HostPorts | 'hosts'> = {
  history: { succeeded: async () => [] },
  snapshots: { take: unreached, thaw: unreached, forget: unreached, circumstances: unreached },
  pausedStarts: { start: unreached, startState: unreached, isBound: unreached, destroy: unreached },
  destinations: { inspect: unreached },
  jobs: {
    startCommit: unreached,
    startActiveCommit: unreached,
    startCopy: unreached,
    pivot: unreached,
    end: unreached,
    removeCopy: unreached,
  },
  guests: { resume: unreached },
  dependents: { of: unreached },
  leftovers: { find: unreached, stateOf: unreached, remove: unreached },
  definitions: { read: unreached, mirrorOf: unreached, follow: unreached },
  headers: {
    isLocal: unreached,
    backing: unreached,
    inspect: unreached,
    rewrite: unreached,
    check: unreached,
    repairLeaks: unreached,
  },
  migration: {
    migrations: {
      strategy: unreached,
      cpuProblem: unreached,
      begin: unreached,
      abort: unreached,
      progress: unreached,
      guestLocation: unreached,
      forgetDefinition: unreached,
    },
    overlays: { make: unreached, stateOf: unreached, remove: unreached },
    images: { compare: unreached },
    pools: unreached,
  },
};

function unreached(): never {
  throw new Error('This port was not to be called');
}

/** An engine on a fake host with guests `0`, `1`, `2` and so on. */
export function engineOn(host = new FakeHost(), journal = new MemoryJournal()) {
  const hosts: Hosts = {
    host: (id) => ({
      id,
      uri: FACTS.uri,
      name: id,
      state: host.lost ? 'lost' : 'connected',
      problem: null,
      local: true,
      libvirtVersion: null,
      qemuVersion: FACTS.qemuVersion,
    }),
    guestsOf: () => [],
    usersOf: () => new Map(),
    isLost: (error) => error instanceof LostError,
  };
  const ports: Ports = { ...UNREACHED, ...portsOf(host), hosts };
  const planner = new Planner(ports);
  const broken: unknown[] = [];
  const parts: EngineParts = {
    planner,
    jobsPerHost: 2,
    journal,
    driver: (plan, step) => driverOf(ports, plan, step),
    hosts,
    clock: Date.now,
    changed: () => {},
    progressed: () => {},
    broke: (_operation, error) => broken.push(error),
  };
  const engine = new Engine(parts);
  const refs = Array.from({ length: 5 }, (_, i) => ({ hostId: 'alpha', uuid: String(i), target: 'vda' }));
  for (const ref of refs) host.add(ref);
  return {
    engine,
    host,
    journal,
    broken,
    parts,
    refs,
    async start(ref: DiskRef, bandwidth = 0): Promise<string> {
      const guest = { hostId: ref.hostId, uuid: ref.uuid };
      const intent = { ...flattenTo('/base'), target: ref.target };
      const { fingerprint } = await planner.preview(guest, intent);
      return (await engine.start({ guest, intent, fingerprint, bandwidth, actor: 'a' })).id;
    },
    reached: (id: string, state: Operation['state']) =>
      vi.waitFor(() => {
        if (journal.operation(id).state !== state) throw new Error(`It is ${journal.operation(id).state}`);
      }),
    runs: (ref: DiskRef) =>
      vi.waitFor(() => {
        if (!host.running().includes(ref.uuid)) throw new Error('No job runs');
      }),
    /** The job ends, and libvirt reports that. */
    end(ref: DiskRef, status: JobEnding, reason: string | null = null): void {
      host.end(ref, status);
      engine.jobEnded({ ...ref, status, reason });
    },
  };
}
