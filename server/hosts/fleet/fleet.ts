import { createHash, randomUUID } from 'node:crypto';
import type { GuestRef } from '../../../model/fleet/disk.ts';
import type { Guest } from '../../../model/fleet/guest.ts';
import type { Host } from '../../../model/fleet/host.ts';
import { type ImageUser, imageUsers } from '../../../model/fleet/sharing.ts';
import { ProblemError, problem } from '../../../model/problem.ts';
import { type Connection, type DomainRef, domainRef } from '../../libvirt/index.ts';
import type { JobEnd } from '../../ports/job-end.ts';
import type { WriteHistory } from '../../ports/write-history.ts';
import { type Connect, type HostListener, Supervisor } from './supervisor.ts';

/** What changed in the fleet. */
export type FleetEvent =
  | { readonly kind: 'host'; readonly host: Host }
  | { readonly kind: 'host-removed'; readonly hostId: string }
  | { readonly kind: 'guest'; readonly guest: Guest }
  | { readonly kind: 'guest-gone'; readonly guest: GuestRef }
  | { readonly kind: 'job-end'; readonly end: JobEnd };

const NO_WRITES: WriteHistory = { of: async () => [] };

/** All hosts, each with its supervisor. */
export class Fleet {
  readonly #life = randomUUID();
  readonly #supervisors = new Map<string, Supervisor>();
  readonly #listeners = new Set<(event: FleetEvent) => void>();
  readonly #connect: Connect;
  readonly #warn: HostListener['warn'];
  readonly #writes: WriteHistory;
  #changes = 0;

  /** @param writes what explains a write to an image that a snapshot needs; by default nothing does */
  constructor(connect: Connect, warn: HostListener['warn'], writes: WriteHistory = NO_WRITES) {
    this.#connect = connect;
    this.#warn = warn;
    this.#writes = writes;
  }

  /**
   * Adds a host and keeps it connected. Its id is made from its URI, so that links to it stay valid.
   * @param name shown to people; `null` for the host's own name
   */
  add(uri: string, name: string | null = null): Supervisor {
    const id = hostIdOf(uri);
    const known = this.#supervisors.get(id);
    if (known !== undefined) return known;
    const supervisor = new Supervisor({ id, uri, name }, this.#connect, this.#writes, {
      hostChanged: (host) => this.#report({ kind: 'host', host }),
      guestChanged: ({ hostId, uuid, guest }) =>
        this.#report(guest ? { kind: 'guest', guest } : { kind: 'guest-gone', guest: { hostId, uuid } }),
      jobEnded: (end) => this.#report({ kind: 'job-end', end }),
      warn: (message, error) => this.#warn(`${uri}: ${message}`, error),
    });
    this.#supervisors.set(id, supervisor);
    supervisor.start();
    this.#report({ kind: 'host', host: supervisor.host() });
    return supervisor;
  }

  async remove(id: string): Promise<void> {
    const supervisor = this.supervisor(id);
    this.#supervisors.delete(id);
    this.#report({ kind: 'host-removed', hostId: id });
    await supervisor.stop();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#supervisors.values()].map((supervisor) => supervisor.stop()));
  }

  /** Another text after every change of a host or guest, and after every start of the server. */
  revision(): string {
    return `${this.#life}:${this.#changes}`;
  }

  hosts(): readonly Host[] {
    return [...this.#supervisors.values()].map((supervisor) => supervisor.host());
  }

  guests(): readonly Guest[] {
    return [...this.#supervisors.values()].flatMap((supervisor) => supervisor.inventory().guests());
  }

  guest({ hostId, uuid }: GuestRef): Guest | null {
    return this.#supervisors.get(hostId)?.inventory().guest(uuid) ?? null;
  }

  /**
   * A guest for calls to its host's libvirt, whether or not the fleet knows it. Throws a `ProblemError` for a host that is not
   * in the fleet or is lost.
   */
  domain(ref: GuestRef): { readonly connection: Connection; readonly domain: DomainRef } {
    const { connection } = this.supervisor(ref.hostId).source();
    return { connection, domain: domainRef(ref.uuid, this.guest(ref)?.name) };
  }

  /** Reads a guest again in the background; does nothing while its host is lost. */
  refresh({ hostId, uuid }: GuestRef): void {
    this.#supervisors.get(hostId)?.refresh(uuid);
  }

  /** Throws a `ProblemError` for a host that is not in the fleet. */
  supervisor(id: string): Supervisor {
    const supervisor = this.#supervisors.get(id);
    if (supervisor === undefined) throw new ProblemError('not-found', problem('HOST_UNKNOWN', { id }));
    return supervisor;
  }

  usersOf(hostId: string): ReadonlyMap<string, readonly ImageUser[]> {
    return imageUsers(this.supervisor(hostId).inventory().guests());
  }

  /** Calls `listener` with every event until the returned function is called. */
  listen(listener: (event: FleetEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #report(event: FleetEvent): void {
    if (event.kind !== 'job-end') this.#changes++;
    for (const listener of this.#listeners) listener(event);
  }
}

function hostIdOf(uri: string): string {
  return createHash('sha256').update(uri).digest('hex').slice(0, 12);
}
