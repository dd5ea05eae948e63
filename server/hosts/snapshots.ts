import type { GuestRef } from '../../model/guest.ts';
import { ProblemError, problem } from '../../model/problem.ts';
import {
  type Connection,
  type DomainRef,
  ErrorNumber,
  isNoSnapshot,
  LibvirtError,
  parseUuid,
  SnapshotCreateFlag,
  SnapshotDeleteFlag,
} from '../libvirt/index.ts';
import { type Circumstances, circumstancesOf } from './circumstances.ts';
import { readDomain } from './domain-xml.ts';
import type { Fleet } from './fleet.ts';
import { element, writeXml } from './xml-builder.ts';

/** A snapshot to be taken of some of a guest's disks, all at one moment. */
export interface NewSnapshot {
  readonly name: string;
  readonly description: string;
  /** Asks the guest's agent to bring its file systems to rest first. */
  readonly quiesce: boolean;
  /** Absolute path of each disk's overlay. libvirt makes it, and refuses a file that holds anything. */
  readonly disks: readonly { readonly target: string; readonly file: string }[];
}

/** Takes external disk-only snapshots, says what they depend on, and forgets the records of snapshots. */
export class Snapshots {
  readonly #fleet: Fleet;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /**
   * All disks or none. Throws `AGENT_SILENT` where the guest's agent could not be asked for rest, else libvirt's error. After
   * one the snapshot may still have been taken: libvirt 9.0 reports a record that it could not write so.
   */
  async take(ref: GuestRef, snapshot: NewSnapshot): Promise<void> {
    const { connection, domain } = this.#at(ref);
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
      if (snapshot.quiesce && isAgentSilent(error)) {
        const told = problem('AGENT_SILENT', { reason: error.message });
        throw new ProblemError('refused', told, { cause: error });
      }
      throw error;
    } finally {
      this.#fleet.refresh(ref);
    }
  }

  /** Removes libvirt's record of a snapshot, never its data. Throws `RECORD_UNKNOWN`. */
  async forget(ref: GuestRef, name: string): Promise<void> {
    const { connection, domain } = this.#at(ref);
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
    const { connection, domain } = this.#at(ref);
    return circumstancesOf(connection, domain);
  }

  #at({ hostId, uuid }: GuestRef): { connection: Connection; domain: DomainRef } {
    const { connection } = this.#fleet.supervisor(hostId).source();
    const name = this.#fleet.guest({ hostId, uuid })?.name ?? '';
    return { connection, domain: { name, uuid: parseUuid(uuid), id: -1 } };
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

/** libvirt 9.0 says 74 without a channel for an agent, 86 where nobody listens at its other end, 55 while the guest is paused. */
function isAgentSilent(error: unknown): error is LibvirtError {
  const { ARGUMENT_UNSUPPORTED, AGENT_UNRESPONSIVE, OPERATION_INVALID } = ErrorNumber;
  const codes: readonly (number | null)[] = [ARGUMENT_UNSUPPORTED, AGENT_UNRESPONSIVE, OPERATION_INVALID];
  return error instanceof LibvirtError && codes.includes(error.libvirtCode);
}
