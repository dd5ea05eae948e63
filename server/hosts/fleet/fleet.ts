import { createHash, randomUUID } from 'node:crypto';
import type { GuestRef } from '../../../model/fleet/disk.ts';
import type { Guest } from '../../../model/fleet/guest.ts';
import type { Host } from '../../../model/fleet/host.ts';
import { type ImageUser, imageUsers } from '../../../model/fleet/sharing.ts';
import { ProblemError, problem } from '../../../model/problem.ts';
import { type Connection, type DomainRef, domainRef } from '../../libvirt/index.ts';
import type { JobEnd } from '../../ports/job-end.ts';
import { type Connect, type HostListener, Supervisor } from './supervisor.ts';

/** What the fleet tells those who listen. */
export type FleetEvent =
  | { readonly kind: 'host'; readonly host: Host }
  | { readonly kind: 'host-removed'; readonly hostId: string }
  | { readonly kind: 'guest'; readonly guest: Guest }
  | { readonly kind: 'guest-gone'; readonly guest: GuestRef }
  | { readonly kind: 'job-end'; readonly end: JobEnd };

/** All hosts, each with its supervisor. */
export class Fleet {
  readonly #life = randomUUID();
  readonly #supervisors = new Map<string, Supervisor>();
  readonly #listeners = new Set<(event: FleetEvent) => void>();
  readonly #connect: Connect;
  readonly #warn: HostListener['warn'];
  #changes = 0;

  constructor(connect: Connect, warn: HostListener['warn']) {
    this.#connect = connect;
    this.#warn = warn;
  }

  /**
   * Keeps a host from now on. Its id comes from its URI, so that links to it last.
   * @param name what people call it; its own host name where they give none
   */
  add(uri: string, name: string | null = null): Supervisor {
    const id = hostId(uri);
    const known = this.#supervisors.get(id);
    if (known !== undefined) return known;
    const supervisor = new Supervisor({ id, uri, name }, this.#connect, {
      hostChanged: (host) => this.#tell({ kind: 'host', host }),
      guestChanged: ({ hostId, uuid, guest }) =>
        this.#tell(guest ? { kind: 'guest', guest } : { kind: 'guest-gone', guest: { hostId, uuid } }),
      jobEnded: (end) => this.#tell({ kind: 'job-end', end }),
      warn: (message, error) => this.#warn(`${uri}: ${message}`, error),
    });
    this.#supervisors.set(id, supervisor);
    supervisor.start();
    this.#tell({ kind: 'host', host: supervisor.host() });
    return supervisor;
  }

  async remove(id: string): Promise<void> {
    const supervisor = this.supervisor(id);
    this.#supervisors.delete(id);
    this.#tell({ kind: 'host-removed', hostId: id });
    await supervisor.stop();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#supervisors.values()].map((supervisor) => supervisor.stop()));
  }

  /** Differs whenever a host or guest changed, and from one life of the server to the next. */
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

  /** Has a guest read again, in the background; nothing while its host is lost. */
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

  #tell(event: FleetEvent): void {
    if (event.kind !== 'job-end') this.#changes++;
    for (const listener of this.#listeners) listener(event);
  }
}

function hostId(uri: string): string {
  return createHash('sha256').update(uri).digest('hex').slice(0, 12);
}
