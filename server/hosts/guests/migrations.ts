import { setTimeout as delay } from 'node:timers/promises';
import type { GuestRef } from '../../../model/fleet/disk.ts';
import type { GuestLocation } from '../../../model/fleet/guest-location.ts';
import { imageKey } from '../../../model/fleet/image.ts';
import type { MemoryProgress } from '../../../model/operation/operation.ts';
import type { MigrationRoute } from '../../../model/plans/migrate/migration-facts.ts';
import { type Problem, ProblemError } from '../../../model/problem.ts';
import { reasonOf } from '../../../model/reason.ts';
import {
  type Connection,
  DomainPausedReason,
  type DomainRef,
  DomainShutoffReason,
  DomainState,
  DomainUndefineFlag,
  DomainXmlFlag,
  isConnectionLost,
  isNoDomain,
  isOperationInvalid,
  JobOperation,
  JobType,
  MigrateFlag,
} from '../../libvirt/index.ts';
import type { Migrations as MigrationsPort } from '../../ports/migrations.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { readDomain } from '../xml/domain-xml.ts';
import { movedDefinition } from '../xml/migration-xml.ts';
import { cpuProblem } from './cpu-problem.ts';
import { memoryProgress } from './memory-progress.ts';
import { migrationRoute } from './migration-route.ts';

/** Milliseconds between two checks whether a migration has begun. */
const CHECK_MS = 25;

/** Moves running guests from one host to another, by libvirt's peer-to-peer migration. */
export class Migrations implements MigrationsPort {
  readonly #fleet: Fleet;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /** The addresses by which the hosts reach each other, or why they can't, by their URIs alone. */
  route({ hostId, uuid }: GuestRef, to: string): MigrationRoute | Problem {
    const uri = (id: string) => this.#fleet.supervisor(id).host().uri;
    return migrationRoute(uri(hostId), uri(to), uuid);
  }

  /**
   * Starts a migration; resolves once libvirt works on it. It continues without this process.
   * Throws libvirt's error where the migration is refused.
   * @param files path of each disk at the destination, by its target
   * @param failed called with libvirt's reason when the migration fails later
   */
  async begin(
    ref: GuestRef,
    to: string,
    files: ReadonlyMap<string, string>,
    failed: (reason: string) => void,
  ): Promise<void> {
    const { connection, domain } = this.#fleet.domain(ref);
    const route = this.route(ref, to);
    if ('code' in route) throw new ProblemError('refused', route);
    const performed = this.#perform(connection, domain, route, files);
    const over = performed.then(
      () => true,
      (error: unknown) => {
        // After a lost connection the result is unknown; libvirt continues the migration.
        if (!isConnectionLost(error)) failed(reasonOf(error));
        return true;
      },
    );
    void over.then(() => {
      this.#fleet.refresh(ref);
      this.#fleet.refresh({ hostId: to, uuid: ref.uuid });
    });
    do {
      if (await Promise.race([over, delay(CHECK_MS, false)])) return performed;
    } while ((await this.progress(ref)) === null);
  }

  /** Aborts the migration. One that is over already is no error. */
  async abort(ref: GuestRef): Promise<void> {
    const { connection, domain } = this.#fleet.domain(ref);
    try {
      await connection.call('DOMAIN_ABORT_JOB', { domain });
    } catch (error) {
      if (!isOperationInvalid(error) && !isNoDomain(error)) throw error;
    }
  }

  /** The memory's progress; `null` while no migration moves the guest away from this host. */
  async progress(ref: GuestRef): Promise<MemoryProgress | null> {
    const { connection, domain } = this.#fleet.domain(ref);
    try {
      const { type, parameters } = await connection.call('DOMAIN_GET_JOB_STATS', { domain, flags: 0 });
      const runs = type === JobType.UNBOUNDED || type === JobType.BOUNDED;
      return runs && parameters.operation === JobOperation.MIGRATION_OUT ? memoryProgress(parameters) : null;
    } catch (error) {
      // The guest stopped or left; `guestLocation` says which.
      if (isNoDomain(error) || isOperationInvalid(error)) return null;
      throw error;
    }
  }

  /** Where the guest is, by this host's present state. */
  async guestLocation(ref: GuestRef): Promise<GuestLocation> {
    const { connection, domain } = this.#fleet.domain(ref);
    try {
      const { state, reason } = await connection.call('DOMAIN_GET_STATE', { domain, flags: 0 });
      if (state === DomainState.SHUTOFF || state === DomainState.CRASHED) return 'stopped';
      return state === DomainState.PAUSED && MIGRATING.includes(reason) ? 'moving' : 'here';
    } catch (error) {
      if (isNoDomain(error)) return 'gone';
      throw error;
    }
  }

  /**
   * libvirt 11.3 keeps the definition at the destination where the guest could not start there, such as on a chain that is too
   * deep.
   */
  async isFailedCopy(ref: GuestRef, files: ReadonlyMap<string, string>): Promise<boolean> {
    const { connection, domain } = this.#fleet.domain(ref);
    try {
      const { state, reason } = await connection.call('DOMAIN_GET_STATE', { domain, flags: 0 });
      if (state !== DomainState.SHUTOFF || reason !== DomainShutoffReason.FAILED) return false;
      const xml = await connection.call('DOMAIN_GET_XML_DESC', { domain, flags: DomainXmlFlag.INACTIVE });
      const active = new Map(
        readDomain(xml).disks.map(({ target, images: [top] }) => [target, top && imageKey(top.source)]),
      );
      return [...files].every(([target, file]) => active.get(target) === file);
    } catch (error) {
      if (isNoDomain(error)) return false;
      throw error;
    }
  }

  /** Removes the definition that a migration left behind, unless it is gone by now; the firmware's variables stay where they are. */
  async forgetDefinition(ref: GuestRef): Promise<void> {
    const { connection, domain } = this.#fleet.domain(ref);
    try {
      await connection.call('DOMAIN_UNDEFINE_FLAGS', { domain, flags: DomainUndefineFlag.KEEP_NVRAM });
    } catch (error) {
      if (!isNoDomain(error)) throw error;
    }
    this.#fleet.refresh(ref);
  }

  cpuProblem(ref: GuestRef, to: string): Promise<Problem | null> {
    return cpuProblem(this.#fleet, ref, to);
  }

  async #perform(
    connection: Connection,
    domain: DomainRef,
    route: MigrationRoute,
    files: ReadonlyMap<string, string>,
  ): Promise<void> {
    const { MIGRATABLE, SECURE, INACTIVE } = DomainXmlFlag;
    const [live, lasting, persistent] = await Promise.all([
      connection.call('DOMAIN_GET_XML_DESC', { domain, flags: MIGRATABLE | SECURE }),
      connection.call('DOMAIN_GET_XML_DESC', { domain, flags: MIGRATABLE | SECURE | INACTIVE }),
      connection.call('DOMAIN_IS_PERSISTENT', { domain }),
    ]);
    const named = (field: string, value: string) => ({ field, kind: 'string' as const, value });
    const parameters = [
      named('destination_xml', movedDefinition(live, files)),
      ...(route.migrateUri === null ? [] : [named('migrate_uri', route.migrateUri)]),
      ...(persistent ? [named('persistent_xml', movedDefinition(lasting, files))] : []),
    ];
    const { LIVE, PEER2PEER, PERSIST_DEST, UNDEFINE_SOURCE, UNSAFE } = MigrateFlag;
    await connection.long('DOMAIN_MIGRATE_PERFORM3_PARAMS', {
      domain,
      destinationUri: route.destinationUri,
      parameters,
      cookie: new Uint8Array(),
      // libvirt calls a migration unsafe when it can't tell that the storage is shared. Here the guest writes at the destination
      // only to images of its own. It reads the shared images only after the source has flushed and released them, and QEMU
      // then drops what it had cached of them.
      flags:
        LIVE | PEER2PEER | (files.size > 0 ? UNSAFE : 0) | (persistent ? PERSIST_DEST | UNDEFINE_SOURCE : 0),
    });
  }
}

/** Reasons for which libvirt pauses a guest during a migration. */
const MIGRATING: readonly number[] = [
  DomainPausedReason.MIGRATION,
  DomainPausedReason.STARTING_UP,
  DomainPausedReason.POSTCOPY,
  DomainPausedReason.POSTCOPY_FAILED,
];
