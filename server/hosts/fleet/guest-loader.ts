import { breaksWhenAsked } from '../../../model/fleet/depth.ts';
import type { Disk } from '../../../model/fleet/disk.ts';
import type { Guest, GuestState, IoError } from '../../../model/fleet/guest.ts';
import { inOrder, type SnapshotRecord } from '../../../model/fleet/snapshot-record.ts';
import { problem } from '../../../model/problem.ts';
import {
  type Connection,
  DomainDiskError,
  DomainPausedReason,
  type DomainRef,
  DomainState,
  formatUuid,
  isNoDomain,
  isNoSnapshot,
  isOperationInvalid,
} from '../../libvirt/index.ts';
import { readDomain } from '../xml/domain-xml.ts';
import { readSnapshot, withKeysOf } from '../xml/snapshot-xml.ts';
import { DiskLoader } from './disk-loader.ts';
import type { Source } from './source.ts';

/** All guests of a host. Throws libvirt's error. */
export function listGuests({ connection }: Source): Promise<readonly DomainRef[]> {
  return connection.call('CONNECT_LIST_ALL_DOMAINS', { needResults: true, flags: 0 });
}

/** Milliseconds until a guest is reported as one that does not answer. */
const SILENT_MS = 2000;

/**
 * Reads everything about one guest from libvirt; `null` when it is gone. Throws libvirt's error.
 * @param silent called with what is known without QEMU when QEMU doesn't answer: it hangs, or libvirt waits for the guest's agent
 */
export async function loadGuest(
  source: Source,
  domain: DomainRef,
  silent: (guest: Guest) => void,
): Promise<Guest | null> {
  const { connection, hostId } = source;
  try {
    const [{ state, reason }, xml, records] = await Promise.all([
      connection.call('DOMAIN_GET_STATE', { domain, flags: 0 }),
      connection.call('DOMAIN_GET_XML_DESC', { domain, flags: 0 }),
      loadRecords(connection, domain),
    ]);
    const defined = readDomain(xml);
    const guestState = STATES.get(state) ?? 'unknown';
    const runs = guestState === 'running' || guestState === 'paused' || guestState === 'suspended';
    const loader = new DiskLoader(source, domain, runs);
    const isStopped = state === DomainState.PAUSED && reason === DomainPausedReason.IOERROR;
    const made = (ioError: IoError | null, disks: readonly Disk[]): Guest => ({
      hostId,
      uuid: formatUuid(domain.uuid),
      name: defined.name,
      state: guestState,
      ioError,
      disks,
      records: records.map((record) => withKeysOf(disks, record)),
    });
    const reading = Promise.all(defined.disks.map((disk) => loader.load(disk)));
    const report = (disks: readonly Disk[]) => {
      const silence = problem('GUEST_SILENT', { guest: defined.name });
      const shown = disks.map((disk) => ({ ...disk, problem: disk.problem ?? silence }));
      silent(made(null, shown));
    };
    // An error of the reading is thrown below.
    const late = setTimeout(() => void reading.then(report, () => undefined), SILENT_MS);
    try {
      const [disks, jobs, ioError] = await Promise.all([
        reading,
        Promise.all(defined.disks.map((disk) => loader.jobOf(disk))),
        isStopped ? reading.then((shown) => ioErrorOf(source, domain, shown)) : null,
      ]);
      return made(
        ioError,
        disks.map((disk, i) => ({ ...disk, job: jobs[i] ?? null })),
      );
    } finally {
      clearTimeout(late);
    }
  } catch (error) {
    if (isNoDomain(error)) return null;
    throw error;
  }
}

const STATES = new Map<number, GuestState>([
  [DomainState.RUNNING, 'running'],
  [DomainState.BLOCKED, 'running'],
  [DomainState.PAUSED, 'paused'],
  [DomainState.SHUTDOWN, 'running'],
  [DomainState.SHUTOFF, 'shutoff'],
  [DomainState.CRASHED, 'crashed'],
  [DomainState.PMSUSPENDED, 'suspended'],
]);

/** More disks than any guest has. */
const MOST_ERRORS = 256;

/** What QEMU says of a stopped guest's disks; nothing where the question would break the guest's monitor. */
async function ioErrorOf(
  { connection, capabilities }: Source,
  domain: DomainRef,
  disks: readonly Disk[],
): Promise<IoError> {
  if (disks.some(({ chain }) => chain !== null && breaksWhenAsked(chain, capabilities))) return { disks: [] };
  const { errors } = await connection
    .call('DOMAIN_GET_DISK_ERRORS', { domain, maxErrors: MOST_ERRORS, flags: 0 })
    .catch((error: unknown) => {
      // The guest stopped since its state was read; that event loads it again.
      if (isOperationInvalid(error)) return { errors: [] };
      throw error;
    });
  return {
    disks: errors.map(({ disk, error }) => ({
      target: disk,
      error: error === DomainDiskError.NO_SPACE ? 'no-space' : 'other',
    })),
  };
}

async function loadRecords(connection: Connection, domain: DomainRef): Promise<readonly SnapshotRecord[]> {
  const snapshots = await connection.call('DOMAIN_LIST_ALL_SNAPSHOTS', {
    domain,
    needResults: true,
    flags: 0,
  });
  const records = await Promise.all(
    snapshots.map(async (snapshot) => {
      try {
        return [readSnapshot(await connection.call('DOMAIN_SNAPSHOT_GET_XML_DESC', { snapshot, flags: 0 }))];
      } catch (error) {
        if (isNoSnapshot(error)) return [];
        throw error;
      }
    }),
  );
  return inOrder(records.flat());
}
