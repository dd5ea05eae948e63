import { setTimeout as delay } from 'node:timers/promises';
import {
  BlockJobStatus,
  type Connection,
  type DomainRef,
  type EventStream,
  formatUuid,
} from '../../libvirt/index.ts';
import type { JobEnd } from '../../ports/job-end.ts';
import { failureOf, isOverlayMade } from './job-end.ts';
import { JobEnds } from './job-ends.ts';

/** Receives a host's events. */
export interface HostEventHandler {
  /** Something about this guest changed. */
  touched(uuid: string): void;
  jobEnded(end: Omit<JobEnd, 'hostId'>): void;
  /** A stream ended early. The connection goes with it, since nothing may be missed. */
  lost(error: unknown): void;
}

const JOB_ENDS = new Map<number, JobEnd['status']>([
  [BlockJobStatus.COMPLETED, 'completed'],
  [BlockJobStatus.FAILED, 'failed'],
  [BlockJobStatus.CANCELED, 'cancelled'],
  [BlockJobStatus.READY, 'ready'],
]);

/** Resolves once the daemon sends events; they go to `handler` until `signal` aborts or the connection ends. */
export async function followEvents(
  connection: Connection,
  signal: AbortSignal,
  handler: HostEventHandler,
): Promise<void> {
  const { events } = connection;
  const touch = ({ domain }: { domain: DomainRef }) => handler.touched(formatUuid(domain.uuid));
  const jobEnds = new JobEnds((end) => handler.jobEnded(end));
  const follow = <T>(stream: EventStream<T>, handle: (event: T) => void) =>
    followed(connection, stream, handle, handler);
  await Promise.all([
    follow(events.lifecycle(signal), touch),
    follow(events.blockJob(signal), (event) => {
      touch(event);
      const status = JOB_ENDS.get(event.status);
      if (status) jobEnds.ended({ uuid: formatUuid(event.domain.uuid), target: event.disk }, status);
    }),
    follow(events.qemu('BLOCK_JOB_COMPLETED', signal), (event) => {
      const failure = failureOf(event);
      if (failure === null) return;
      jobEnds.failed({ uuid: formatUuid(event.domain.uuid), target: failure.target }, failure.reason);
    }),
    follow(events.diskChange(signal), touch),
    follow(events.trayChange(signal), touch),
    follow(events.deviceAdded(signal), touch),
    follow(events.deviceRemoved(signal), touch),
    follow(events.metadataChange(signal), touch),
  ]);
}

/** From an overlay that is made to a chain that holds it, milliseconds. */
const SWITCH_OVER = 500;

/**
 * Snapshots that others take on a host whose files can't be watched: libvirt has no event for them, but QEMU has one for the job that
 * made the overlay. libvirt then still has to switch over to it, so the guest is touched a little later.
 */
export async function followOverlays(
  connection: Connection,
  signal: AbortSignal,
  handler: Pick<HostEventHandler, 'touched' | 'lost'>,
): Promise<void> {
  const touchLater = async (uuid: string) => {
    try {
      await delay(SWITCH_OVER, undefined, { signal });
    } catch {
      // The connection ended; the next one loads everything.
      return;
    }
    handler.touched(uuid);
  };
  const stream = connection.events.qemu('JOB_STATUS_CHANGE', signal);
  await followed(
    connection,
    stream,
    ({ domain, details }) => {
      if (isOverlayMade(details)) void touchLater(formatUuid(domain.uuid));
    },
    handler,
  );
}

async function followed<T>(
  connection: Connection,
  stream: EventStream<T>,
  handle: (event: T) => void,
  handler: Pick<HostEventHandler, 'lost'>,
): Promise<void> {
  await stream.start();
  const reading = async () => {
    for await (const event of stream) handle(event);
  };
  reading().catch(async (error: unknown) => {
    handler.lost(error);
    await connection.close();
  });
}
