import { EventFeed } from './event-feed.ts';
import type { EventHub } from './event-hub.ts';
import { type EventKind, type EventOf, eventKinds as kinds } from './event-kinds.ts';

/** Streams of events, one function for each kind. QEMU's takes the name of an event, or null for all of them. */
export type Events = ReturnType<typeof eventStreams>;

export function eventStreams(hub: EventHub) {
  return {
    lifecycle: streams(hub, kinds.lifecycle),
    blockJob: streams(hub, kinds.blockJob),
    diskChange: streams(hub, kinds.diskChange),
    trayChange: streams(hub, kinds.trayChange),
    deviceAdded: streams(hub, kinds.deviceAdded),
    deviceRemoved: streams(hub, kinds.deviceRemoved),
    metadataChange: streams(hub, kinds.metadataChange),
    qemu: qemuStreams(hub),
  };
}

function streams<T extends object>(hub: EventHub, kind: EventKind<T>) {
  const feed = new EventFeed(hub, kind);
  return (signal?: AbortSignal) => feed.stream(signal);
}

function qemuStreams(hub: EventHub) {
  const feeds = new Map<string | null, EventFeed<EventOf<'qemu'>>>();
  return (event: string | null, signal?: AbortSignal) => {
    const feed = feeds.get(event) ?? new EventFeed(hub, kinds.qemu, event);
    feeds.set(event, feed);
    return feed.stream(signal);
  };
}
