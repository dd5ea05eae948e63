import type { Guest } from '../../../model/fleet/guest.ts';
import { type DomainRef, domainRef, formatUuid, isConnectionLost } from '../../libvirt/index.ts';

/** How guests are read from a source: the host's connection of the moment. */
export interface Reader<Source> {
  list(source: Source): Promise<readonly DomainRef[]>;
  /**
   * `null` for a guest that is gone.
   * @param silent takes what can be known of one that does not answer
   */
  load(source: Source, domain: DomainRef, silent: (guest: Guest) => void): Promise<Guest | null>;
}

/** What an inventory tells of its guests; a guest that is gone has no `guest`. */
export type InventoryListener = (change: { uuid: string; guest: Guest | null }) => void;

/** A guest that is being read. */
interface Loading<Source> {
  readonly source: Source;
  /** Touched since the read began, so that it is read once more. */
  again: boolean;
  done: Promise<void>;
  /** Resolves when it is shown as one that does not answer. */
  readonly silent: PromiseWithResolvers<'silent'>;
}

/**
 * One host's guests, each as libvirt last told it. A guest is read by one call at a time; whatever touches it meanwhile
 * has it read once more afterwards, so the last read always began after the last touch.
 */
export class Inventory<Source> {
  readonly #guests = new Map<string, Guest>();
  readonly #loading = new Map<string, Loading<Source>>();
  readonly #reader: Reader<Source>;
  readonly #listener: InventoryListener;
  readonly #failed: (error: unknown) => void;

  /** @param failed what to do when a guest can't be loaded in the background */
  constructor(reader: Reader<Source>, listener: InventoryListener, failed: (error: unknown) => void) {
    this.#reader = reader;
    this.#listener = listener;
    this.#failed = failed;
  }

  guests(): readonly Guest[] {
    return [...this.#guests.values()];
  }

  guest(uuid: string): Guest | null {
    return this.#guests.get(uuid) ?? null;
  }

  /**
   * Loads all guests, and drops those that are no more. One that can't be read does not keep the others away, nor is one waited
   * for that does not answer: if it was not known, it is shown as such until it does.
   */
  async loadAll(source: Source): Promise<void> {
    const domains = await this.#reader.list(source);
    const there = new Set(domains.map((domain) => formatUuid(domain.uuid)));
    for (const uuid of this.#guests.keys()) if (!there.has(uuid)) this.touch(source, { uuid });
    const loadings = domains.map((domain) => this.#loadingOf(source, domain));
    const loads = await Promise.allSettled(
      loadings.map(({ done, silent }) => Promise.race([done, silent.promise])),
    );
    for (const [i, load] of loads.entries()) {
      if (load.status === 'fulfilled' && load.value === 'silent') loadings[i]?.done.catch(this.#failed);
      if (load.status === 'fulfilled') continue;
      if (isConnectionLost(load.reason)) throw load.reason;
      this.#failed(load.reason);
    }
  }

  /** Has a guest loaded anew, in the background. */
  touch(source: Source, ref: { uuid: string }): void {
    this.load(source, domainRef(ref.uuid)).catch(this.#failed);
  }

  /** Loads a guest; resolves when a load that began after this call is over. */
  load(source: Source, domain: DomainRef): Promise<void> {
    return this.#loadingOf(source, domain).done;
  }

  #loadingOf(source: Source, domain: DomainRef): Loading<Source> {
    const uuid = formatUuid(domain.uuid);
    const running = this.#loading.get(uuid);
    // One from an earlier connection ends by itself, and what it finds is not kept.
    if (running?.source === source) {
      running.again = true;
      return running;
    }
    const silent = Promise.withResolvers<'silent'>();
    const loading: Loading<Source> = { source, again: false, done: Promise.resolve(), silent };
    this.#loading.set(uuid, loading);
    loading.done = this.#loadUntilUntouched(uuid, domain, loading);
    return loading;
  }

  async #loadUntilUntouched(uuid: string, domain: DomainRef, loading: Loading<Source>): Promise<void> {
    const isNewest = () => this.#loading.get(uuid) === loading;
    // Of one that is known, what was last heard tells more.
    const silent = (guest: Guest) => {
      if (!isNewest() || this.#guests.has(uuid)) return;
      this.#keep(uuid, guest);
      loading.silent.resolve('silent');
    };
    try {
      do {
        loading.again = false;
        const guest = await this.#reader.load(loading.source, domain, silent).catch((error: unknown) => {
          // What touched it may be why it could not be read: QEMU ended, say. The next read tells.
          if (loading.again) return undefined;
          throw error;
        });
        if (guest !== undefined && isNewest()) this.#keep(uuid, guest);
      } while (loading.again);
    } finally {
      // In the same turn as the last look at `again`, so that no touch falls between.
      if (isNewest()) this.#loading.delete(uuid);
    }
  }

  #keep(uuid: string, guest: Guest | null): void {
    const before = this.#guests.get(uuid);
    if (guest === null) {
      if (!this.#guests.delete(uuid)) return;
    } else {
      if (before !== undefined && JSON.stringify(before) === JSON.stringify(guest)) return;
      this.#guests.set(uuid, guest);
    }
    this.#listener({ uuid, guest });
  }
}
