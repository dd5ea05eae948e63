import { DomainEventId } from './constants/event.ts';
import { Program } from './procedures.ts';
import { domain } from './shapes.ts';
import type { Decoder, Read } from './xdr/codec.ts';
import { optional, struct } from './xdr/composites.ts';
import { hyper, int, string, uint } from './xdr/scalars.ts';

/** One kind of event: how to register for it, the message that carries it, and the message's fields after the callback id. */
export interface EventKind<T> {
  readonly source: 'domain' | 'qemu';
  /** The event id to register; QEMU's events have names instead. */
  readonly id: number;
  readonly program: number;
  readonly procedure: number;
  readonly body: Decoder<T>;
}

const ofDomain = <T>(id: number, procedure: number, body: Decoder<T>): EventKind<T> => ({
  source: 'domain',
  id,
  program: Program.REMOTE,
  procedure,
  body,
});

export const eventKinds = {
  /** `event` is one of libvirt's `virDomainEventType`; what `detail` means depends on it. */
  lifecycle: ofDomain(DomainEventId.LIFECYCLE, 318, struct({ domain, event: int, detail: int })),
  /** The disk's medium changed; paths are null where there is none. */
  diskChange: ofDomain(
    DomainEventId.DISK_CHANGE,
    327,
    struct({
      domain,
      oldPath: optional(string),
      newPath: optional(string),
      alias: string,
      reason: int,
    }),
  ),
  trayChange: ofDomain(DomainEventId.TRAY_CHANGE, 328, struct({ domain, alias: string, reason: int })),
  deviceRemoved: ofDomain(DomainEventId.DEVICE_REMOVED, 333, struct({ domain, alias: string })),
  deviceAdded: ofDomain(DomainEventId.DEVICE_ADDED, 354, struct({ domain, alias: string })),
  /** `disk` is the target, whatever name the job was started by; `type` a BlockJobType, `status` a BlockJobStatus. */
  blockJob: ofDomain(
    DomainEventId.BLOCK_JOB_2,
    339,
    struct({ domain, disk: string, type: int, status: int }),
  ),
  metadataChange: ofDomain(
    DomainEventId.METADATA_CHANGE,
    379,
    struct({ domain, type: int, namespace: optional(string) }),
  ),
  /** QEMU's own events; `details` is JSON. */
  qemu: {
    source: 'qemu',
    id: 0,
    program: Program.QEMU,
    procedure: 6,
    body: struct({ domain, event: string, seconds: hyper, micros: uint, details: optional(string) }),
  },
} as const;

export type EventName = keyof typeof eventKinds;
export type EventOf<K extends EventName> = Read<(typeof eventKinds)[K]['body']>;
