import { DomainEventId, StoragePoolEventId } from './constants/event.ts';
import { Program } from './procedures.ts';
import { domain, storagePool } from './shapes.ts';
import { typedParameters } from './typed-parameters.ts';
import type { Decoder, Read } from './xdr/codec.ts';
import { optional, struct } from './xdr/composites.ts';
import { hyper, int, string, uhyper, uint } from './xdr/scalars.ts';

/** One kind of event: how to ask for it, in which message it comes, and that message's fields after the callback id. */
export interface EventKind<T> {
  readonly source: 'domain' | 'storagePool' | 'qemu';
  /** The event id to register; QEMU's events are told apart by name instead. */
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

const ofPool = <T>(id: number, procedure: number, body: Decoder<T>): EventKind<T> => ({
  source: 'storagePool',
  id,
  program: Program.REMOTE,
  procedure,
  body,
});

export const eventKinds = {
  /** `event` is a DomainEvent, `detail` a number whose meaning depends on it. */
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
  ioError: ofDomain(
    DomainEventId.IO_ERROR_REASON,
    324,
    struct({ domain, path: string, alias: string, action: int, reason: string }),
  ),
  deviceRemoved: ofDomain(DomainEventId.DEVICE_REMOVED, 333, struct({ domain, alias: string })),
  deviceAdded: ofDomain(DomainEventId.DEVICE_ADDED, 354, struct({ domain, alias: string })),
  /** `disk` is the target, whatever name the job was started by; `type` a BlockJobType, `status` a BlockJobStatus. */
  blockJob: ofDomain(
    DomainEventId.BLOCK_JOB_2,
    339,
    struct({ domain, disk: string, type: int, status: int }),
  ),
  migrationIteration: ofDomain(DomainEventId.MIGRATION_ITERATION, 359, struct({ domain, iteration: int })),
  jobCompleted: ofDomain(DomainEventId.JOB_COMPLETED, 363, struct({ domain, parameters: typedParameters })),
  metadataChange: ofDomain(
    DomainEventId.METADATA_CHANGE,
    379,
    struct({ domain, type: int, namespace: optional(string) }),
  ),
  /** Bytes. `path` is null for images that are not files. */
  blockThreshold: ofDomain(
    DomainEventId.BLOCK_THRESHOLD,
    385,
    struct({ domain, device: string, path: optional(string), threshold: uhyper, excess: uhyper }),
  ),
  poolLifecycle: ofPool(
    StoragePoolEventId.LIFECYCLE,
    370,
    struct({ pool: storagePool, event: int, detail: int }),
  ),
  poolRefresh: ofPool(StoragePoolEventId.REFRESH, 373, struct({ pool: storagePool })),
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
