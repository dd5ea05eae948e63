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

/** Namespace of the mark that a guest carries while it is up for its disks only. It goes when the guest is destroyed. */
const MARK = 'urn:backchain:paused-start';
const OFF: readonly number[] = [DomainState.SHUTOFF, DomainState.CRASHED];

/**
 * Guests that are started only so that QEMU can work on their disks: paused, so that they never run an instruction. Each is
 * bound to a connection of its own: when this process ends, or its way to the host, libvirt destroys the guest
 * (AUTODESTROY). A libvirtd that is killed forgets that, and the guest stays as it is, paused and with its mark: tried
 * with libvirt 9.0.
 */
export class PausedStarts implements PausedStartsPort {
  readonly #fleet: Fleet;
  /** The connections that guests are bound to, by uuid. */
  readonly #held = new Map<string, Connection>();

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /**
   * Starts the guest, paused. One that is up so already stays as it is. Throws `SAVED_STATE` for a guest whose memory is kept
   * (managed save): a start would use that up. Else libvirt's error.
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
      // Destroys the guest, where it came up.
      await connection.close();
      throw error;
    }
    // Of an earlier start whose guest somebody else ended.
    await this.#held.get(ref.uuid)?.close();
    this.#held.set(ref.uuid, connection);
    void connection.closed.then(() => {
      if (this.#held.get(ref.uuid) === connection) this.#held.delete(ref.uuid);
    });
  }

  /** How the guest stands: up with the mark, paused still or resumed by somebody, up without it, or off. */
  async startState(ref: GuestRef): Promise<StartState> {
    const { connection, domain } = this.#fleet.domain(ref);
    // In this order: whoever has no mark and is up afterwards was up without it.
    const xml = await connection.call('DOMAIN_GET_XML_DESC', { domain, flags: 0 });
    const { state } = await connection.call('DOMAIN_GET_STATE', { domain, flags: 0 });
    if (OFF.includes(state)) return 'off';
    const notes = child(parseXml(xml), 'metadata')?.children ?? [];
    if (!notes.some(({ attributes }) => attributes['xmlns:backchain'] === MARK)) return 'other';
    return state === DomainState.PAUSED ? 'paused' : 'resumed';
  }

  /** Whether the guest was started by this process, and has been bound to it since. */
  isBound({ uuid }: GuestRef): boolean {
    return this.#held.has(uuid);
  }

  /** Destroys the guest if it is still paused and has the mark; any other is left alone. */
  async destroy(ref: GuestRef): Promise<void> {
    if ((await this.startState(ref)) !== 'paused') return;
    const { connection, domain } = this.#fleet.domain(ref);
    try {
      await connection.call('DOMAIN_DESTROY_FLAGS', { domain, flags: DomainDestroyFlag.DEFAULT });
    } catch (error) {
      // Somebody else was quicker.
      if (!isOperationInvalid(error)) throw error;
    }
    await this.#held.get(ref.uuid)?.close();
    await this.#tellPools(ref);
  }

  /** Where files are out of reach, only pools know the chain of a guest that is shut off, as they last looked. */
  async #tellPools(ref: GuestRef): Promise<void> {
    const { connection, local } = this.#fleet.supervisor(ref.hostId).source();
    if (local) return;
    const active = this.#fleet.guest(ref)?.disks.map(({ chain }) => chain && activeOf(chain)) ?? [];
    const paths = active.map((image) => image && imagePath(image)).filter((path) => path !== null);
    await refreshPoolsOf(connection, paths);
  }

  /** Lets go of the guests that are bound to this process; libvirt destroys them. */
  async stop(): Promise<void> {
    await Promise.all([...this.#held.values()].map((connection) => connection.close()));
  }
}
