import { setTimeout as delay } from 'node:timers/promises';
import type { Checkpoints } from '../../../model/fleet/checkpoint.ts';
import { breaksWhenAsked } from '../../../model/fleet/depth.ts';
import type { Disk } from '../../../model/fleet/disk.ts';
import { asSilent, type Guest, type GuestState, type IoError } from '../../../model/fleet/guest.ts';
import { knownImages } from '../../../model/fleet/revert-basis.ts';
import { problem } from '../../../model/problem.ts';
import {
  DomainControlState,
  DomainDiskError,
  DomainPausedReason,
  type DomainRef,
  DomainState,
  formatUuid,
  isNoDomain,
  isOperationInvalid,
} from '../../libvirt/index.ts';
import { type DefinedGuest, readDomain } from '../xml/domain-xml.ts';
import { withKeysOf } from '../xml/snapshot-xml.ts';
import { loadCheckpoints } from './checkpoint-loader.ts';
import { confinedBy } from './confinement.ts';
import { DiskLoader } from './disk-loader.ts';
import { withKnownWrites } from './known-writes.ts';
import { revertBasisOf } from './revert-basis.ts';
import { loadSnapshots, type Snapshots } from './snapshot-loader.ts';
import type { Source } from './source.ts';
import { writtenGuest } from './written-guest.ts';

/** All guests of a host. Throws libvirt's error. */
export function listGuests({ connection }: Source): Promise<readonly DomainRef[]> {
  return connection.call('CONNECT_LIST_ALL_DOMAINS', { needResults: true, flags: 0 });
}

/** Milliseconds after which a guest is reported, and libvirt is asked whether its QEMU hangs; again after as many more. */
const SILENT_MS = 2000;
/** Milliseconds after which it is silent, whatever libvirt says: it waits for an agent, or storage hangs. */
const MOST_SILENT_MS = 10_000;
/** Milliseconds that libvirt waits for QEMU where nothing is wrong. */
const USUAL_MS = 1000n;

/**
 * Called with what is known of a guest without QEMU.
 * @param isSure whether QEMU does not answer: it hangs, or libvirt waits for the guest's agent. Else the machine may only be slow
 */
export type SilenceListener = (guest: Guest, isSure: boolean) => void;

/**
 * Reads everything about one guest from libvirt; `null` when it is gone. Throws libvirt's error.
 * @param silent called when it takes long
 */
export async function loadGuest(
  source: Source,
  domain: DomainRef,
  silent: SilenceListener,
): Promise<Guest | null> {
  const { connection } = source;
  const asked: Asked = {
    state: connection.call('DOMAIN_GET_STATE', { domain, flags: 0 }),
    snapshots: loadSnapshots(source, domain),
    checkpoints: loadCheckpoints(source, domain),
  };
  const begun = begin(source, domain, asked, definedNow(source, domain));
  const over = new AbortController();
  void watchSilence(source, domain, over.signal, (isSure) =>
    reportSilence(source, domain, asked, begun, (guest) => silent(guest, isSure)),
  );
  try {
    const { defined, loader, isStopped, reading } = await begun;
    const [guest, jobs, ioError] = await Promise.all([
      reading,
      Promise.all(defined.disks.map((disk) => loader.jobOf(disk))),
      isStopped ? reading.then(({ disks }) => ioErrorOf(source, domain, disks)) : null,
    ]);
    return { ...guest, ioError, disks: guest.disks.map((disk, i) => ({ ...disk, job: jobs[i] ?? null })) };
  } catch (error) {
    if (isNoDomain(error)) return null;
    throw error;
  } finally {
    over.abort();
  }
}

/** Calls when the reading takes long, and once more when that is sure to be the guest's silence. */
async function watchSilence(
  source: Source,
  domain: DomainRef,
  over: AbortSignal,
  report: (isSure: boolean) => Promise<void>,
): Promise<void> {
  for (let waited = SILENT_MS; ; waited += SILENT_MS) {
    await delay(SILENT_MS, undefined, { ref: false });
    if (over.aborted) return;
    const isSure = waited >= MOST_SILENT_MS || (await hangs(source, domain));
    if (over.aborted) return;
    if (isSure || waited === SILENT_MS) void report(isSure);
    if (isSure) return;
  }
}

/** Whether libvirt waits for the guest's QEMU; also where even that can't be asked. libvirt answers at once. */
async function hangs({ connection }: Source, domain: DomainRef): Promise<boolean> {
  const control = await connection.call('DOMAIN_GET_CONTROL_INFO', { domain, flags: 0 }).catch(() => null);
  if (control === null || control.state === DomainControlState.ERROR) return true;
  return control.state !== DomainControlState.OK && control.stateTime > USUAL_MS;
}

/** What libvirt answers at once, whatever QEMU does. */
interface Asked {
  readonly state: Promise<{ readonly state: number; readonly reason: number }>;
  readonly snapshots: Promise<Snapshots>;
  readonly checkpoints: Promise<Checkpoints>;
}

/** A guest whose disks are being read. */
interface Begun {
  readonly defined: DefinedGuest;
  readonly loader: DiskLoader;
  /** Whether QEMU paused it for an I/O error. */
  readonly isStopped: boolean;
  /** The guest without its jobs and its I/O error. */
  readonly reading: Promise<Guest>;
}

/** Since libvirt 11.0 the answer takes half a minute where another call hangs in the guest's QEMU. */
async function definedNow({ connection }: Source, domain: DomainRef): Promise<DefinedGuest> {
  return readDomain(await connection.call('DOMAIN_GET_XML_DESC', { domain, flags: 0 }));
}

async function begin(
  source: Source,
  domain: DomainRef,
  asked: Asked,
  definition: Promise<DefinedGuest>,
): Promise<Begun> {
  const [{ state, reason }, snapshots, checkpoints, defined] = await Promise.all([
    asked.state,
    asked.snapshots,
    asked.checkpoints,
    definition,
  ]);
  const guestState = STATES.get(state) ?? 'unknown';
  const runs = guestState === 'running' || guestState === 'paused' || guestState === 'suspended';
  const loader = new DiskLoader(source, domain, runs);
  async function read(): Promise<Guest> {
    const disks = await Promise.all(defined.disks.map((disk) => loader.load(disk)));
    const reverts = await revertBasisOf(source, snapshots, disks);
    const guest: Guest = {
      hostId: source.hostId,
      uuid: formatUuid(domain.uuid),
      name: defined.name,
      state: guestState,
      machine: defined.machine,
      confinedBy: confinedBy(defined.labels, runs, source.securityModels),
      ioError: null,
      disks,
      unread: null,
      records: snapshots.records.map((record) => withKeysOf(knownImages({ disks, reverts }), record)),
      reverts,
      checkpoints,
    };
    return withKnownWrites(source.writes, guest);
  }
  const isStopped = state === DomainState.PAUSED && reason === DomainPausedReason.IOERROR;
  return { defined, loader, isStopped, reading: read() };
}

/** Reports what is known of a guest that has not been read by now: its images, too, where libvirt described it or wrote it down. */
async function reportSilence(
  source: Source,
  domain: DomainRef,
  asked: Asked,
  begun: Promise<Begun>,
  silent: (guest: Guest) => void,
): Promise<void> {
  let isRead = false;
  const report = (guest: Guest) => silent(asSilent(guest));
  // An error of the reading is thrown by the load itself.
  const answered = begun
    .then(({ reading }) => reading)
    .then(
      (guest) => {
        isRead = true;
        report(guest);
      },
      () => {
        isRead = true;
      },
    );
  const rest = await unanswered(source, domain, asked).catch(() => null);
  if (rest !== null && !isRead) (rest.unread === null ? report : silent)(rest);
  await answered;
}

/** A guest whose description has not come. */
async function unanswered(source: Source, domain: DomainRef, asked: Asked): Promise<Guest> {
  const uuid = formatUuid(domain.uuid);
  // A guest that an event is about may come without its name.
  const listed = domain.name === '' ? await listGuests(source) : [];
  const named = listed.find((one) => formatUuid(one.uuid) === uuid) ?? domain;
  const written = await writtenGuest(source, named);
  const nothing = { name: named.name, uuid, machine: null, labels: [], disks: [] };
  const begun = await begin(source, domain, asked, Promise.resolve(written ?? nothing));
  const guest = await begun.reading;
  if (written !== null) return guest;
  return { ...guest, confinedBy: null, unread: problem('GUEST_UNREAD', { guest: named.name }) };
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
