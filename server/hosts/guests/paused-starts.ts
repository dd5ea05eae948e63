import { activeOf } from '../../../model/fleet/chain.ts';
import type { GuestRef } from '../../../model/fleet/disk.ts';
import { imagePath } from '../../../model/fleet/image.ts';
import { ProblemError, problem } from '../../../model/problem.ts';
import {
  type Connection,
  DomainAffect,
  DomainCreateFlag,
  DomainDestroyFlag,
  DomainMetadataType,
  DomainState,
  isOperationInvalid,
} from '../../libvirt/index.ts';
import type { PausedStarts as PausedStartsPort, StartState } from '../../ports/paused-starts.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { refreshPoolsOf } from '../pools/storage-pools.ts';
import { child, parseXml } from '../xml/xml.ts';
import { element, writeXml } from '../xml/xml-builder.ts';
import { hasSavedState } from './circumstances.ts';

/** Namespace of the mark in a guest's metadata while it is up for work on its disks only. The mark goes when the guest is destroyed. */
const MARK = 'urn:backchain:paused-start';
const OFF: readonly number[] = [DomainState.SHUTOFF, DomainState.CRASHED];

/**
 * Starts guests only so that QEMU can work on their disks: paused, so that they never run an instruction. Each is bound to
 * a connection of its own: libvirt destroys the guest (AUTODESTROY) when this process ends or loses the host. A libvirtd that
 * is killed forgets this, and the guest stays paused with its mark (seen with libvirt 9.0).
 */
export class PausedStarts implements PausedStartsPort {
  readonly #fleet: Fleet;
  /** The connections that guests are bound to, by UUID. */
  readonly #bound = new Map<string, Connection>();

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /**
   * Starts the guest, paused. One that was started so already stays as it is. Throws `SAVED_STATE` for a guest with a managed
   * save, which a start would use up, else libvirt's error.
   */
  async start(ref: GuestRef): Promise<void> {
    if ((await this.startState(ref)) === 'paused') return;
    const { connection: shared, domain } = this.#fleet.domain(ref);
    if (await hasSavedState(shared, domain)) {
      const { name: guest = ref.uuid } = this.#fleet.guest(ref) ?? {};
      throw new ProblemError('refused', problem('SAVED_STATE', { guest }));
    }
    const connection = await this.#fleet.supervisor(ref.hostId).connectAgain();
    try {
      const flags = DomainCreateFlag.PAUSED | DomainCreateFlag.AUTODESTROY;
      await connection.call('DOMAIN_CREATE_WITH_FLAGS', { domain, flags });
      await connection.call('DOMAIN_SET_METADATA', {
        domain,
        type: DomainMetadataType.ELEMENT,
        metadata: writeXml(element('paused')),
        key: 'backchain',
        uri: MARK,
        flags: DomainAffect.LIVE,
      });
    } catch (error) {
      // Destroys the guest if it was started.
      await connection.close();
      throw error;
    }
    // From an earlier start whose guest somebody else ended.
    await this.#bound.get(ref.uuid)?.close();
    this.#bound.set(ref.uuid, connection);
    void connection.closed.then(() => {
      if (this.#bound.get(ref.uuid) === connection) this.#bound.delete(ref.uuid);
    });
  }

  /** Whether the guest is up with the mark, paused or resumed by somebody; up without it; or off. */
  async startState(ref: GuestRef): Promise<StartState> {
    const { connection, domain } = this.#fleet.domain(ref);
    // In this order: a guest that had no mark and is up afterwards was up without it.
    const xml = await connection.call('DOMAIN_GET_XML_DESC', { domain, flags: 0 });
    const { state } = await connection.call('DOMAIN_GET_STATE', { domain, flags: 0 });
    if (OFF.includes(state)) return 'off';
    const notes = child(parseXml(xml), 'metadata')?.children ?? [];
    if (!notes.some(({ attributes }) => attributes['xmlns:backchain'] === MARK)) return 'other';
    return state === DomainState.PAUSED ? 'paused' : 'resumed';
  }

  /** Whether this process started the guest, and the guest has been bound to it since. */
  isBound({ uuid }: GuestRef): boolean {
    return this.#bound.has(uuid);
  }

  /** Destroys the guest if it is still paused and has the mark; any other is left alone. */
  async destroy(ref: GuestRef): Promise<void> {
    if ((await this.startState(ref)) !== 'paused') return;
    const { connection, domain } = this.#fleet.domain(ref);
    try {
      await connection.call('DOMAIN_DESTROY_FLAGS', { domain, flags: DomainDestroyFlag.DEFAULT });
    } catch (error) {
      // Somebody else ended the guest meanwhile.
      if (!isOperationInvalid(error)) throw error;
    }
    await this.#bound.get(ref.uuid)?.close();
    await this.#refreshPools(ref);
  }

  /** Where files can't be read, a shut-off guest's chain is known from its pools, as of their last refresh. */
  async #refreshPools(ref: GuestRef): Promise<void> {
    const { connection, local } = this.#fleet.supervisor(ref.hostId).source();
    if (local) return;
    const active = this.#fleet.guest(ref)?.disks.map(({ chain }) => chain && activeOf(chain)) ?? [];
    const paths = active.map((image) => image && imagePath(image)).filter((path) => path !== null);
    await refreshPoolsOf(connection, paths);
  }

  /** Closes the connections of all guests that are bound to this process; libvirt destroys the guests. */
  async stop(): Promise<void> {
    await Promise.all([...this.#bound.values()].map((connection) => connection.close()));
  }
}
