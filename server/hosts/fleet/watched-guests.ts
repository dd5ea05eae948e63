import type { GuestRef } from '../../../model/fleet/disk.ts';
import type { Fleet } from './fleet.ts';

/** Milliseconds between two reads of a guest that somebody views, since libvirt has no event for a growing image. */
const REFRESH_MS = 10_000;

/** The guests that browsers show, each refreshed once for all its viewers. */
export class WatchedGuests {
  readonly #fleet: Fleet;
  readonly #watched = new Map<string, { watchers: number; readonly timer: NodeJS.Timeout }>();

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /** Watches a guest until the returned function is called. */
  watch(guest: GuestRef): () => void {
    const key = `${guest.hostId}/${guest.uuid}`;
    const known = this.#watched.get(key);
    const watched = known ?? { watchers: 0, timer: setInterval(() => this.#refresh(guest), REFRESH_MS) };
    watched.watchers++;
    this.#watched.set(key, watched);
    return () => {
      watched.watchers--;
      if (watched.watchers > 0) return;
      clearInterval(watched.timer);
      this.#watched.delete(key);
    };
  }

  #refresh(guest: GuestRef): void {
    if (this.#fleet.guest(guest) !== null) this.#fleet.refresh(guest);
  }
}
