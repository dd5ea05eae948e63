import type { Guest } from '../../model/guest.ts';
import { type DomainRef, formatUuid, parseUuid } from '../libvirt/index.ts';
import { loadGuest, type Source } from './guest-loader.ts';

/** What an inventory tells of its guests; a guest that is gone has no `guest`. */
export type InventoryListener = (change: { uuid: string; guest: Guest | null }) => void;

/**
 * One host's guests, each as libvirt last told it. A guest is loaded by one call at a time; whatever touches
 * it meanwhile has it loaded once more afterwards, so the last load always began after the last touch.
 */
export class Inventory {
  readonly #guests = new Map<string, Guest>();
  readonly #loading = new Map<string, Promise<void>>();
  readonly #touched = new Set<string>();
  readonly #listener: InventoryListener;
  readonly #failed: (error: unknown) => void;

  /** @param failed what to do when a guest can't be loaded in the background */
  constructor(listener: InventoryListener, failed: (error: unknown) => void) {
    this.#listener = listener;
    this.#failed = failed;
  }

  guests(): readonly Guest[] {
    return [...this.#guests.values()];
  }

  guest(uuid: string): Guest | null {
    return this.#guests.get(uuid) ?? null;
  }

  clear(): void {
    for (const uuid of [...this.#guests.keys()]) this.#keep(uuid, null);
  }

  /** Loads all guests, and drops those that are no more. */
  async loadAll(source: Source): Promise<void> {
    const domains = await source.connection.call('CONNECT_LIST_ALL_DOMAINS', { needResults: true, flags: 0 });
    await Promise.all(domains.map((domain) => this.load(source, domain)));
    const there = new Set(domains.map((domain) => formatUuid(domain.uuid)));
    for (const uuid of this.#guests.keys()) if (!there.has(uuid)) this.touch(source, { uuid });
  }

  /** Has a guest loaded anew, in the background. */
  touch(source: Source, ref: { uuid: string }): void {
    this.load(source, { name: '', uuid: parseUuid(ref.uuid), id: -1 }).catch(this.#failed);
  }

  /** Loads a guest; resolves when a load that began after this call is over. */
  async load(source: Source, domain: DomainRef): Promise<void> {
    const uuid = formatUuid(domain.uuid);
    const running = this.#loading.get(uuid);
    if (running !== undefined) {
      this.#touched.add(uuid);
      return running;
    }
    const loading = this.#loadUntilUntouched(source, uuid, domain);
    this.#loading.set(uuid, loading);
    return loading;
  }

  async #loadUntilUntouched(source: Source, uuid: string, domain: DomainRef): Promise<void> {
    try {
      do {
        this.#touched.delete(uuid);
        this.#keep(uuid, await loadGuest(source, domain));
      } while (this.#touched.has(uuid));
    } finally {
      // In the same turn as the last look at what was touched, so that no touch falls between.
      this.#loading.delete(uuid);
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
