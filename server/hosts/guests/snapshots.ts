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

/** How long a guest's agent may take over a question that is nothing to it. */
const ANSWER_MS = 5000;

/** Takes external disk-only snapshots, says what they depend on, and forgets the records of snapshots. */
export class Snapshots implements SnapshotsPort {
  readonly #fleet: Fleet;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /**
   * All disks or none. Throws `AGENT_SILENT` where the guest's agent can't be asked for rest, `AGENT_FROZEN` where it has the
   * guest at rest already, `MAY_BE_FROZEN` where it disappears over it, else libvirt's error. After one the snapshot may still
   * have been taken: libvirt 9.0 reports a record that it could not write so.
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
      // An agent may take long over it.
      await connection.long('DOMAIN_SNAPSHOT_CREATE_XML', { domain, xml, flags });
    } catch (error) {
      if (snapshot.quiesce && isAgentGone(error)) {
        const told = problem('MAY_BE_FROZEN', { guest: domain.name, reason: error.message });
        throw new ProblemError('failed', told, { cause: error });
      }
      throw error;
    } finally {
      this.#fleet.refresh(ref);
    }
  }

  /** Lets the file systems of a running guest go. Answers why that can't be made sure of, `null` where they are not at rest. */
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

  /** Removes libvirt's record of a snapshot, never its data. Throws `RECORD_UNKNOWN`. */
  async forget(ref: GuestRef, name: string): Promise<void> {
    const { connection, domain } = this.#fleet.domain(ref);
    const flags = SnapshotDeleteFlag.METADATA_ONLY;
    try {
      await connection.call('DOMAIN_SNAPSHOT_DELETE', { snapshot: { name, domain }, flags });
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

/** @param targets all of the guest's disks: libvirt would snapshot those that are not named too */
export function snapshotXml(snapshot: NewSnapshot, targets: readonly string[]): string {
  const files = new Map(snapshot.disks.map(({ target, file }) => [target, file]));
  const disks = [...new Set([...files.keys(), ...targets])].map((name) => {
    const file = files.get(name);
    if (file === undefined) return element('disk', { name, snapshot: 'no' });
    return element(
      'disk',
      { name, snapshot: 'external', type: 'file' },
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
 * Asks the agent for something of no consequence. libvirt 9.0 waits without a limit for an agent that has answered before and
 * stands still now: it would take the snapshot whenever the agent goes on, though nobody wants it any more.
 */
async function askAgent(connection: Connection, domain: DomainRef): Promise<void> {
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    await connection.long('DOMAIN_GET_TIME', { domain, flags: 0 }, { signal });
  } catch (error) {
    if (isConnectionLost(error) || !(error instanceof LibvirtError)) throw error;
    const { message: reason } = error;
    // qemu-ga answers nothing else while it has the file systems at rest.
    const told = /\bfrozen\b/.test(reason)
      ? problem('AGENT_FROZEN', { guest: domain.name })
      : problem('AGENT_SILENT', { reason });
    throw new ProblemError('refused', told, { cause: error });
  }
}

/** The agent was there a moment ago. */
function isAgentGone(error: unknown): error is LibvirtError {
  return error instanceof LibvirtError && error.libvirtCode === ErrorNumber.AGENT_UNRESPONSIVE;
}
