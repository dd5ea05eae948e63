import type { CrossSection } from '../../model/content/cross-section.ts';
import type { Finding } from '../../model/doctor/finding.ts';
import type { DiskRef, GuestRef } from '../../model/fleet/disk.ts';
import type { Guest } from '../../model/fleet/guest.ts';
import type { Host } from '../../model/fleet/host.ts';
import type { ImageUses } from '../../model/fleet/image-uses.ts';
import type { LeftoverReport } from '../../model/fleet/leftover.ts';
import type { Pool } from '../../model/fleet/pool.ts';
import type { Intent } from '../../model/kinds/kinds.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import type { Strategy } from '../../model/kinds/strategy.ts';
import type { JournalEntry, Operation, OperationFacets } from '../../model/operation/operation.ts';
import type { OperationFilter } from '../../model/operation/operation-filter.ts';
import type { StreamEvent } from '../../model/operation/stream-event.ts';
import type { Goal } from '../../model/plans/shorten/goal.ts';
import type { Problem } from '../../model/problem.ts';
import type { GuestStartRequest } from '../ports/start-request.ts';

/** What every procedure gets. `server/runtime.ts` fills it; the routers know nothing else of the server. */
export interface Context {
  readonly session: Session | null;
  readonly fleet: Fleet;
  readonly chains: Chains;
  readonly plans: Plans;
  readonly operations: Operations;
  readonly events: Events;
  readonly doctor: Doctor;
  readonly images: Images;
  readonly leftovers: Leftovers;
}

export interface Session {
  readonly userId: string;
  readonly name: string;
  readonly role: string;
  /** Aborted when the session ends. */
  ended(): AbortSignal;
}

export interface Fleet {
  /** Changes with every change of a host or guest, and with every start of the server. */
  revision(): string;
  hosts(): readonly Host[];
  guests(): readonly Guest[];
  guest(ref: GuestRef): Guest | null;
  addHost(uri: string): Promise<Host>;
  removeHost(hostId: string): Promise<void>;
  /** Connects once and returns what answered, without adding the host. */
  testHost(uri: string): Promise<{ hostname: string; libvirtVersion: string; qemuVersion: string | null }>;
  /** The storage pools that are folders. Throws a `ProblemError` where the host does not answer. */
  pools(hostId: string): Promise<readonly Pool[]>;
}

export interface Chains {
  /** What the guest reads of the disk, in at most so many buckets; `null` where its chain is not known. */
  section(disk: DiskRef, buckets: number): Promise<CrossSection | null>;
}

export interface Plans {
  /** Reads the chain again. Throws a `ProblemError` where there is no such guest, disk or base. */
  preview(guest: GuestRef, intent: Intent): Promise<Plan>;
  /** The same result by each strategy, from one reading. Throws like `preview`. */
  strategies(disk: DiskRef, goal: Goal, pinned: readonly string[]): Promise<readonly Strategy[]>;
}

export interface Operations {
  start(request: GuestStartRequest): Promise<Operation>;
  cancel(id: string, actor: string): Promise<void>;
  setSpeed(id: string, bandwidth: number, actor: string): Promise<void>;
  /** Lets a paused operation use the reserve. Throws `NOT_PAUSED`. */
  resume(id: string, actor: string): Promise<void>;
  list(filter: OperationFilter): Promise<readonly Operation[]>;
  facets(): Promise<OperationFacets>;
  get(id: string): Promise<{ operation: Operation; entries: readonly JournalEntry[] } | null>;
}

/** The findings of an examination. */
export interface Diagnosis {
  readonly findings: readonly Finding[];
  /** How much was inspected. */
  readonly guests: number;
  readonly images: number;
  /** Guests that could not be inspected. */
  readonly failed: readonly { readonly guestName: string; readonly problem: Problem }[];
  /** Hosts whose image headers and files were not inspected, and why; each host once. */
  readonly notInspected: readonly { readonly hostName: string; readonly problem: Problem }[];
  /** Names of the hosts that are not connected, whose guests were left out. */
  readonly lostHosts: readonly string[];
}

export interface Doctor {
  /** Inspects the guests with this UUID, or all guests. */
  examine(uuid: string | null): Promise<Diagnosis>;
  /** Has qemu-img check a disk's images. Throws `CHECK_FAILED`. */
  check(disk: DiskRef): Promise<{ readonly images: number; readonly findings: readonly Finding[] }>;
}

export interface Images {
  /** Throws a `ProblemError` where there is no such host. */
  list(hostId: string): Promise<readonly ImageUses[]>;
}

export interface Leftovers {
  /** Reads everything that may refer to an image of the host. Throws a `ProblemError` where there is no such host. */
  find(hostId: string): Promise<LeftoverReport>;
  plan(hostId: string, files: readonly string[]): Promise<Plan>;
  /** Throws a `ProblemError`: `CHAIN_CHANGED` where the chain differs from what the operator saw, or the plan's refusal. */
  remove(request: {
    readonly hostId: string;
    readonly files: readonly string[];
    readonly fingerprint: string;
    readonly actor: string;
  }): Promise<Operation>;
  /** Throws `LEFTOVER_UNKNOWN`. */
  keep(hostId: string, path: string, actor: string): Promise<void>;
  release(hostId: string, path: string): Promise<void>;
}

export interface Events {
  /** Id of the journal's newest entry, 0 for none. */
  newest(): Promise<number>;
  /**
   * Everything that happens from now on, and first the operations that changed since journal entry `since`.
   * `id` is the journal's, 0 for what is not in it. The sizes of the guests in `views` are kept current.
   */
  stream(options: {
    since: number | null;
    views: readonly GuestRef[];
    signal: AbortSignal;
  }): AsyncIterable<{ id: number; event: StreamEvent }>;
}
