/**
 * Events in the order in which the daemon sent them. The first iteration, or `start`, asks the daemon for them; leaving
 * the loop or aborting ends that. Iterating throws EVENTS_OVERFLOW when the reader fell behind, and the connection's reason
 * when it ended.
 */
export interface EventStream<T> extends AsyncIterableIterator<T, void, void> {
  /** Resolves when the daemon sends events. Await it, then load the state that the events change: nothing falls between. */
  start(): Promise<void>;
}
