import { setTimeout as delay } from 'node:timers/promises';
import type { GuestRef } from '../../../model/fleet/disk.ts';
import type { GuestLocation } from '../../../model/fleet/guest-location.ts';
import type { MemoryProgress } from '../../../model/operation/operation.ts';
import type { MigrationRoute } from '../../../model/plans/migrate/migration-facts.ts';
import { type Problem, ProblemError } from '../../../model/problem.ts';
import {
  type Connection,
  DomainPausedReason,
  type DomainRef,
  DomainState,
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
import { movedDefinition } from '../xml/migration-xml.ts';
import { cpuProblem } from './cpu-problem.ts';
import { memoryProgress } from './memory-progress.ts';
import { migrationRoute } from './migration-strategy.ts';

/** Between two looks for the job of a migration that was just asked for. */
const LOOK_MS = 25;

/** Moves running guests from one host to another, by libvirt's peer-to-peer migration. */
export class Migrations implements MigrationsPort {
  readonly #fleet: Fleet;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /** How the hosts are brought together, or why they can't be, by their URIs alone. */
  strategy({ hostId, uuid }: GuestRef, to: string): MigrationRoute | Problem {
    const uri = (id: string) => this.#fleet.supervisor(id).host().uri;
    return migrationRoute(uri(hostId), uri(to), uuid);
  }

  /**
   * Starts a migration; resolves when libvirt works on it. It goes on without this process.
   * Throws libvirt's error where it is refused.
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
    const strategy = this.strategy(ref, to);
    if ('code' in strategy) throw new ProblemError('refused', strategy);
    const performed = this.#perform(connection, domain, strategy, files);
    const over = performed.then(
      () => true,
      (error: unknown) => {
        // Where the connection was lost nobody knows; libvirt goes on with it.
        if (!isConnectionLost(error)) failed(error instanceof Error ? error.message : String(error));
        return true;
      },
    );
    void over.then(() => {
      this.#fleet.refresh(ref);
      this.#fleet.refresh({ hostId: to, uuid: ref.uuid });
    });
    do {
      if (await Promise.race([over, delay(LOOK_MS, false)])) return performed;
    } while ((await this.progress(ref)) === null);
  }

  /** Asks for the end of the migration. One that is over already is no error. */
  async abort(ref: GuestRef): Promise<void> {
    const { connection, domain } = this.#fleet.domain(ref);
    try {
      await connection.call('DOMAIN_ABORT_JOB', { domain });
    } catch (error) {
      if (!isOperationInvalid(error) && !isNoDomain(error)) throw error;
    }
  }

  /** What the guest's memory does; `null` while no migration takes it away from this host. */
  async progress(ref: GuestRef): Promise<MemoryProgress | null> {
    const { connection, domain } = this.#fleet.domain(ref);
    try {
      const { type, parameters } = await connection.call('DOMAIN_GET_JOB_STATS', { domain, flags: 0 });
      const runs = type === JobType.UNBOUNDED || type === JobType.BOUNDED;
      return runs && parameters.operation === JobOperation.MIGRATION_OUT ? memoryProgress(parameters) : null;
    } catch (error) {
      // It stopped, or went: where to is for `guestLocation` to say.
      if (isNoDomain(error) || isOperationInvalid(error)) return null;
      throw error;
    }
  }

  /** Where the guest is, as this host has it now. */
  async guestLocation(ref: GuestRef): Promise<GuestLocation> {
    const { connection, domain } = this.#fleet.domain(ref);
    try {
      const { state, reason } = await connection.call('DOMAIN_GET_STATE', { domain, flags: 0 });
      if (state === DomainState.SHUTOFF || state === DomainState.CRASHED) return 'stopped';
      return state === DomainState.PAUSED && HELD.includes(reason) ? 'moving' : 'here';
    } catch (error) {
      if (isNoDomain(error)) return 'gone';
      throw error;
    }
  }

  /** Removes the definition that a migration left behind, unless it is gone by now. */
  async forgetDefinition(ref: GuestRef): Promise<void> {
    const { connection, domain } = this.#fleet.domain(ref);
    try {
      await connection.call('DOMAIN_UNDEFINE_FLAGS', { domain, flags: 0 });
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
    strategy: MigrationRoute,
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
      ...(strategy.migrateUri === null ? [] : [named('migrate_uri', strategy.migrateUri)]),
      ...(persistent ? [named('persistent_xml', movedDefinition(lasting, files))] : []),
    ];
    const { LIVE, PEER2PEER, PERSIST_DEST, UNDEFINE_SOURCE, UNSAFE } = MigrateFlag;
    await connection.long('DOMAIN_MIGRATE_PERFORM3_PARAMS', {
      domain,
      destinationUri: strategy.destinationUri,
      parameters,
      cookie: new Uint8Array(),
      // Unsafe is what libvirt says where it does not see that the storage is shared. Here the guest writes over there only to
      // images of its own, and reads the shared ones only once the source has flushed and let go of them; QEMU then drops
      // what it had read of them before.
      flags:
        LIVE | PEER2PEER | (files.size > 0 ? UNSAFE : 0) | (persistent ? PERSIST_DEST | UNDEFINE_SOURCE : 0),
    });
  }
}

/** Why libvirt itself has paused a guest for a migration. */
const HELD: readonly number[] = [
  DomainPausedReason.MIGRATION,
  DomainPausedReason.STARTING_UP,
  DomainPausedReason.POSTCOPY,
  DomainPausedReason.POSTCOPY_FAILED,
];
