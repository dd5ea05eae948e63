import { breaksWhenAsked } from '../../../model/fleet/depth.ts';
import type { Disk } from '../../../model/fleet/disk.ts';
import type { Guest, GuestState, IoError } from '../../../model/fleet/guest.ts';
import { knownImages } from '../../../model/fleet/revert-basis.ts';
import { problem } from '../../../model/problem.ts';
import {
  DomainDiskError,
  DomainPausedReason,
  type DomainRef,
  DomainState,
  formatUuid,
  isNoDomain,
  isOperationInvalid,
} from '../../libvirt/index.ts';
import { readDomain } from '../xml/domain-xml.ts';
import { withKeysOf } from '../xml/snapshot-xml.ts';
import { loadCheckpoints } from './checkpoint-loader.ts';
import { DiskLoader } from './disk-loader.ts';
import { revertBasisOf } from './revert-basis.ts';
import { loadSnapshots } from './snapshot-loader.ts';
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
    const [{ state, reason }, xml, snapshots, checkpoints] = await Promise.all([
      connection.call('DOMAIN_GET_STATE', { domain, flags: 0 }),
      connection.call('DOMAIN_GET_XML_DESC', { domain, flags: 0 }),
      loadSnapshots(source, domain),
      loadCheckpoints(source, domain),
    ]);
    const defined = readDomain(xml);
    const guestState = STATES.get(state) ?? 'unknown';
    const runs = guestState === 'running' || guestState === 'paused' || guestState === 'suspended';
    const loader = new DiskLoader(source, domain, runs);
    const isStopped = state === DomainState.PAUSED && reason === DomainPausedReason.IOERROR;
    const made = (ioError: IoError | null, { disks, reverts }: Pick<Guest, 'disks' | 'reverts'>): Guest => ({
      hostId,
      uuid: formatUuid(domain.uuid),
      name: defined.name,
      state: guestState,
      machine: defined.machine,
      ioError,
      disks,
      records: snapshots.records.map((record) => withKeysOf(knownImages({ disks, reverts }), record)),
      reverts,
      checkpoints,
    });
    const reading = Promise.all(defined.disks.map((disk) => loader.load(disk))).then(async (disks) => ({
      disks,
      reverts: await revertBasisOf(source, snapshots, disks),
    }));
    const report = ({ disks, reverts }: Awaited<typeof reading>) => {
      const silence = problem('GUEST_SILENT', { guest: defined.name });
      const shown = disks.map((disk) => ({ ...disk, problem: disk.problem ?? silence }));
      silent(made(null, { disks: shown, reverts }));
    };
    // An error of the reading is thrown below.
    const late = setTimeout(() => void reading.then(report, () => undefined), SILENT_MS);
    try {
      const [{ disks, reverts }, jobs, ioError] = await Promise.all([
        reading,
        Promise.all(defined.disks.map((disk) => loader.jobOf(disk))),
        isStopped ? reading.then((read) => ioErrorOf(source, domain, read.disks)) : null,
      ]);
      return made(ioError, { disks: disks.map((disk, i) => ({ ...disk, job: jobs[i] ?? null })), reverts });
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
