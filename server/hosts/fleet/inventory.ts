import { asSilent, type Guest } from '../../../model/fleet/guest.ts';
import { type DomainRef, domainRef, formatUuid, isConnectionLost } from '../../libvirt/index.ts';

/** Reads guests from a source, the host's present connection. */
export interface Reader<Source> {
  list(source: Source): Promise<readonly DomainRef[]>;
  /**
   * `null` for a guest that is gone.
   * @param silent called with what is known of a guest that does not answer; `isSure` is false where all may only be slow
   */
  load(
    source: Source,
    domain: DomainRef,
    silent: (guest: Guest, isSure: boolean) => void,
  ): Promise<Guest | null>;
}

/** Called with every change of a guest; `guest` is `null` for one that is gone. */
export type InventoryListener = (change: { uuid: string; guest: Guest | null }) => void;

/** A guest that is being read. */
interface Loading<Source> {
  readonly source: Source;
  /** Whether it was touched since the read began, so that it is read once more. */
  again: boolean;
  done: Promise<void>;
  /** Resolves when the guest is shown as one that does not answer. */
  readonly silent: PromiseWithResolvers<'silent'>;
}

/**
 * One host's guests, as they were last read. A guest is read once at a time. If something touches it meanwhile, it is read
 * once more, so the last read always began after the last touch.
 */
export class Inventory<Source> {
  readonly #guests = new Map<string, Guest>();
  readonly #loading = new Map<string, Loading<Source>>();
  readonly #reader: Reader<Source>;
  readonly #listener: InventoryListener;
  readonly #failed: (error: unknown) => void;

  /** @param failed called when a guest can't be loaded in the background */
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
   * Loads all guests, and drops those that no longer exist. Neither a guest that can't be read nor one that does not answer keeps
   * the others from being loaded; one that does not answer is shown as such.
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

  /** Loads a guest again in the background. */
  touch(source: Source, ref: { uuid: string }): void {
    this.load(source, domainRef(ref.uuid)).catch(this.#failed);
  }

  /** Loads a guest; resolves when a load that began after this call is complete. */
  load(source: Source, domain: DomainRef): Promise<void> {
    return this.#loadingOf(source, domain).done;
  }

  #loadingOf(source: Source, domain: DomainRef): Loading<Source> {
    const uuid = formatUuid(domain.uuid);
    const running = this.#loading.get(uuid);
    // A load on an earlier connection ends by itself, and its result is dropped.
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
    let isSilent = false;
    const silent = (guest: Guest, isSure: boolean) => {
      const known = this.#guests.get(uuid);
      // A guest that is known is not called silent for a slow machine.
      if (!isNewest() || (known !== undefined && !isSure)) return;
      // Its images as last known say more than that they are unknown.
      this.#keep(uuid, known === undefined || guest.unread === null ? guest : asSilent(known));
      isSilent = true;
      loading.silent.resolve('silent');
    };
    try {
      do {
        loading.again = false;
        const guest = await this.#reader.load(loading.source, domain, silent).catch((error: unknown) => {
          // The touch may be the reason of the error, such as the end of QEMU. The next read decides.
          if (loading.again) return undefined;
          throw error;
        });
        if (guest !== undefined && isNewest()) this.#keep(uuid, guest);
      } while (loading.again);
    } catch (error) {
      // libvirt gave up waiting. That the guest answers again is no event, so it is asked again, and libvirt waits.
      if (isSilent && isNewest() && !isConnectionLost(error)) {
        this.#loading.delete(uuid);
        this.touch(loading.source, { uuid });
      }
      throw error;
    } finally {
      // In the same turn as the last check of `again`, so that no touch comes between.
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
