import type { GuestRef } from '../../../model/fleet/disk.ts';
import { ProblemError, problem } from '../../../model/problem.ts';
import {
  type Connection,
  type DomainRef,
  ErrorNumber,
  isConnectionLost,
  isNoSnapshot,
  LibvirtError,
  SnapshotCreateFlag,
  SnapshotDeleteFlag,
} from '../../libvirt/index.ts';
import type { Circumstances, NewSnapshot, Snapshots as SnapshotsPort } from '../../ports/snapshots.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { readDomain } from '../xml/domain-xml.ts';
import { element, writeXml } from '../xml/xml-builder.ts';
import { circumstancesOf } from './circumstances.ts';

/** Milliseconds that a guest's agent may take to answer a trivial question. */
const ANSWER_MS = 5000;

/** Takes external disk-only snapshots, reads what they depend on, reverts to them, and deletes snapshot metadata. */
export class Snapshots implements SnapshotsPort {
  readonly #fleet: Fleet;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /**
   * Takes a snapshot of all disks or none. Throws `AGENT_SILENT` where the guest's agent does not answer, `AGENT_FROZEN` where the
   * file systems are frozen already, `MAY_BE_FROZEN` where the agent disappears or fails meanwhile, else libvirt's error. After an error
   * the snapshot may still have been taken: libvirt 9.0 also throws when it can't write the metadata.
   */
  async take(ref: GuestRef, snapshot: NewSnapshot): Promise<void> {
    const { connection, domain } = this.#fleet.domain(ref);
    if (snapshot.quiesce) await askAgent(connection, domain);
    const { disks } = readDomain(await connection.call('DOMAIN_GET_XML_DESC', { domain, flags: 0 }));
    const xml = snapshotXml(
      snapshot,
      disks.map(({ target }) => target),
    );
    const quiesce = snapshot.quiesce ? SnapshotCreateFlag.QUIESCE : 0;
    const flags = SnapshotCreateFlag.DISK_ONLY | SnapshotCreateFlag.ATOMIC | quiesce;
    try {
      // The agent may need long.
      await connection.long('DOMAIN_SNAPSHOT_CREATE_XML', { domain, xml, flags });
    } catch (error) {
      if (snapshot.quiesce && isAgentLost(error)) {
        const frozen = problem('MAY_BE_FROZEN', { guest: domain.name, reason: error.message });
        throw new ProblemError('failed', frozen, { cause: error });
      }
      throw error;
    } finally {
      this.#fleet.refresh(ref);
    }
  }

  /** Thaws the file systems of a running guest. Answers why they may still be frozen, `null` where they are not. */
  async thaw(ref: GuestRef): Promise<string | null> {
    const { connection, domain } = this.#fleet.domain(ref);
    try {
      const signal = AbortSignal.timeout(ANSWER_MS);
      await connection.long('DOMAIN_FSTHAW', { domain, mountPoints: [], flags: 0 }, { signal });
      return null;
    } catch (error) {
      if (isConnectionLost(error) || !(error instanceof LibvirtError)) throw error;
      return error.message;
    }
  }

  /** Deletes libvirt's metadata of a snapshot, never its data. Throws `RECORD_UNKNOWN`, or libvirt's error. */
  forget(ref: GuestRef, name: string): Promise<void> {
    return this.#delete(ref, name, 'metadata');
  }

  /** Has libvirt delete a snapshot and its data. Throws `RECORD_UNKNOWN`, or libvirt's error. */
  remove(ref: GuestRef, name: string): Promise<void> {
    return this.#delete(ref, name, 'data');
  }

  async #delete(ref: GuestRef, name: string, what: 'metadata' | 'data'): Promise<void> {
    const { connection, domain } = this.#fleet.domain(ref);
    const snapshot = { name, domain };
    try {
      // Data may have to be merged, which takes long.
      if (what === 'data') await connection.long('DOMAIN_SNAPSHOT_DELETE', { snapshot, flags: 0 });
      else {
        const flags = SnapshotDeleteFlag.METADATA_ONLY;
        await connection.call('DOMAIN_SNAPSHOT_DELETE', { snapshot, flags });
      }
    } catch (error) {
      if (isNoSnapshot(error)) throw new ProblemError('not-found', problem('RECORD_UNKNOWN', { name }));
      throw error;
    } finally {
      this.#fleet.refresh(ref);
    }
  }

  /** Has libvirt revert the guest. Throws `RECORD_UNKNOWN`, or libvirt's error. */
  async revert(ref: GuestRef, name: string): Promise<void> {
    const { connection, domain } = this.#fleet.domain(ref);
    try {
      await connection.long('DOMAIN_REVERT_TO_SNAPSHOT', { snapshot: { name, domain }, flags: 0 });
    } catch (error) {
      if (isNoSnapshot(error)) throw new ProblemError('not-found', problem('RECORD_UNKNOWN', { name }));
      throw error;
    } finally {
      this.#fleet.refresh(ref);
    }
  }

  async circumstances(ref: GuestRef): Promise<Circumstances> {
    const { connection, domain } = this.#fleet.domain(ref);
    return circumstancesOf(connection, domain);
  }
}

/** @param targets all of the guest's disks, since libvirt also snapshots disks that are not named */
export function snapshotXml(snapshot: NewSnapshot, targets: readonly string[]): string {
  const files = new Map(snapshot.disks.map(({ target, file }) => [target, file]));
  const disks = [...new Set([...files.keys(), ...targets])].map((target) => {
    const file = files.get(target);
    if (file === undefined) return element('disk', { name: target, snapshot: 'no' });
    return element(
      'disk',
      { name: target, snapshot: 'external', type: 'file' },
      element('driver', { type: 'qcow2' }),
      element('source', { file }),
    );
  });
  const { name, description } = snapshot;
  return writeXml(
    element(
      'domainsnapshot',
      {},
      element('name', {}, name),
      ...(description === '' ? [] : [element('description', {}, description)]),
      element('memory', { snapshot: 'no' }),
      element('disks', {}, ...disks),
    ),
  );
}

/**
 * Asks the agent a trivial question. libvirt 9.0 waits without a limit for an agent that has answered before and hangs now: it
 * would take the snapshot whenever the agent continues, though nobody wants it any more.
 */
async function askAgent(connection: Connection, domain: DomainRef): Promise<void> {
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    await connection.long('DOMAIN_GET_TIME', { domain, flags: 0 }, { signal });
  } catch (error) {
    if (isConnectionLost(error) || !(error instanceof LibvirtError)) throw error;
    const { message: reason } = error;
    const silent = isFrozen(reason)
      ? problem('AGENT_FROZEN', { guest: domain.name })
      : problem('AGENT_SILENT', { reason });
    throw new ProblemError('refused', silent, { cause: error });
  }
}

/**
 * Whether the agent refuses a trivial question, as it does everything else while the file systems are frozen. qemu-ga 7.2 says why; the
 * one of QEMU 10.0 says only that the command is not allowed, which its configuration may be the reason of, too.
 */
export function isFrozen(reason: string): boolean {
  return /\bfrozen\b|\bcommand is not allowed\b/.test(reason);
}

/**
 * Whether the agent, which had answered a moment ago, disappeared or failed, so that it may have frozen file systems. One that
 * disappears is unresponsive in libvirt 9.0 and a timeout since 11.2.
 */
export function isAgentLost(error: unknown): error is LibvirtError {
  return error instanceof LibvirtError && AGENT_LOST.has(error.libvirtCode);
}

const AGENT_LOST: ReadonlySet<number | null> = new Set([
  ErrorNumber.AGENT_UNRESPONSIVE,
  ErrorNumber.AGENT_COMMAND_TIMEOUT,
  ErrorNumber.AGENT_COMMAND_FAILED,
]);
