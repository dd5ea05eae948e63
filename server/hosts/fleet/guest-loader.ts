import type { BlockJob } from '../../../model/fleet/block-job.ts';
import type { Disk } from '../../../model/fleet/disk.ts';
import type { Guest, GuestState, IoError } from '../../../model/fleet/guest.ts';
import { type Image, imageKey, traitsByFormat } from '../../../model/fleet/image.ts';
import { inOrder, type SnapshotRecord } from '../../../model/fleet/snapshot-record.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import {
  BlockJobInfoFlag,
  BlockJobType,
  type Connection,
  DomainDiskError,
  DomainPausedReason,
  type DomainRef,
  DomainState,
  formatUuid,
  isInvalidArgument,
  isNoDomain,
  isNoSnapshot,
  isOperationInvalid,
} from '../../libvirt/index.ts';
import { followFile } from '../images/file-chain.ts';
import { lookAt } from '../images/local-image.ts';
import { followVolumes, volumeAt, volumeNamed } from '../images/volume-chain.ts';
import { type DefinedDisk, type DefinedImage, readDomain } from '../xml/domain-xml.ts';
import { readSnapshot, withKeysOf } from '../xml/snapshot-xml.ts';

/** The host that a guest is loaded from. */
export interface Source {
  readonly connection: Connection;
  readonly hostId: string;
  /** Whether its files can be read from here. */
  readonly local: boolean;
}

export function listGuests({ connection }: Source): Promise<readonly DomainRef[]> {
  return connection.call('CONNECT_LIST_ALL_DOMAINS', { needResults: true, flags: 0 });
}

/** Until a guest is told of as one that does not answer, milliseconds. */
const SILENT_MS = 2000;

/**
 * Reads everything about one guest from libvirt as it is now; `null` when it is gone.
 * @param silent takes what is known without QEMU where that does not answer: it hangs, or libvirt waits for the guest's agent
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
    const tell = (disks: readonly Disk[]) => {
      const told = problem('GUEST_SILENT', { guest: defined.name });
      silent(
        made(
          null,
          disks.map((disk) => ({ ...disk, problem: disk.problem ?? told })),
        ),
      );
    };
    // Where the disks can't be read that is thrown below.
    const late = setTimeout(() => void reading.then(tell, () => undefined), SILENT_MS);
    try {
      const [disks, jobs, ioError] = await Promise.all([
        reading,
        Promise.all(defined.disks.map((disk) => loader.jobOf(disk))),
        isStopped ? ioErrorOf(connection, domain) : null,
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

/** More disks than any guest here has. */
const MOST_ERRORS = 256;

async function ioErrorOf(connection: Connection, domain: DomainRef): Promise<IoError> {
  const { errors } = await connection
    .call('DOMAIN_GET_DISK_ERRORS', { domain, maxErrors: MOST_ERRORS, flags: 0 })
    .catch((error: unknown) => {
      // The guest stopped since its state was read; the event of that has it loaded again.
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

class DiskLoader {
  readonly #source: Source;
  readonly #domain: DomainRef;
  readonly #runs: boolean;
  #lastJob: Promise<BlockJob | null> = Promise.resolve(null);

  constructor(source: Source, domain: DomainRef, runs: boolean) {
    this.#source = source;
    this.#domain = domain;
    this.#runs = runs;
  }

  /** All but its job. */
  async load(disk: DefinedDisk): Promise<Disk> {
    const { target, device, readOnly } = disk;
    if (disk.images.length === 0) return { target, device, readOnly, chain: null, problem: null, job: null };
    const { images, problem: stopped } = await this.#chainOf(disk);
    const looked = await Promise.all(images.map((image) => this.#imageOf(image)));
    const gone = looked.find((image) => image.missing);
    return {
      target,
      device,
      readOnly,
      chain: { images: looked },
      problem: stopped ?? (gone && !this.#runs ? problem('IMAGE_MISSING', { image: gone.key }) : null),
      job: null,
    };
  }

  async #chainOf(disk: DefinedDisk): Promise<{ images: readonly DefinedImage[]; problem: Problem | null }> {
    const [top, ...below] = await Promise.all(disk.images.map((image) => this.#resolved(image)));
    if (top === undefined) return { images: [], problem: null };
    if (this.#runs || top.source.kind === 'network') return { images: [top, ...below], problem: null };
    const { path } = top.source;
    if (path === null)
      return { images: [top], problem: problem('VOLUME_UNKNOWN', { volume: imageKey(top.source) }) };
    const followed =
      this.#source.local && top.format !== null
        ? await followFile(path, top.format)
        : await followVolumes(this.#source.connection, path, top.format);
    return { ...followed, images: [top, ...followed.images.slice(1)] };
  }

  /** A `type='volume'` disk has no path in the XML; its pool knows it. */
  async #resolved(image: DefinedImage): Promise<DefinedImage> {
    const { source } = image;
    if (source.kind !== 'volume') return image;
    const volume = await volumeNamed(this.#source.connection, source.pool, source.volume);
    return volume === null ? image : { ...image, source: { ...source, path: volume.path } };
  }

  async #imageOf(image: DefinedImage): Promise<Image> {
    const { source, format, index } = image;
    const key = imageKey(source);
    const path = source.kind === 'network' ? null : source.path;
    const local =
      this.#source.local && path !== null
        ? await lookAt(path, format)
        : { virtualSize: null, allocated: null, missing: false, traits: traitsByFormat(format) };
    const { virtualSize, allocated } = local;
    if (virtualSize !== null && allocated !== null) return { key, source, format, index, ...local };
    const told = await this.#told(path);
    return {
      key,
      source,
      format,
      index,
      missing: local.missing,
      traits: local.traits,
      virtualSize: virtualSize ?? told?.virtualSize ?? null,
      allocated: allocated ?? told?.allocated ?? null,
    };
  }

  /**
   * Sizes as the host's storage pools have them. QEMU is never asked: QEMU 7.2.22 died in most pulls during which its block
   * statistics were read over and over (GET_ALL_DOMAIN_STATS with BACKING, November 2026, over files and NBD alike).
   */
  async #told(path: string | null): Promise<{ virtualSize: number | null; allocated: number | null } | null> {
    const volume = path === null || this.#source.local ? null : await volumeAt(this.#source.connection, path);
    return volume === null ? null : { virtualSize: volume.capacity, allocated: volume.allocated };
  }

  /** One disk at a time: where QEMU hangs, the guest then holds one of the connection's few places, not all of them. */
  async jobOf(disk: DefinedDisk): Promise<BlockJob | null> {
    if (!this.#runs || disk.images.length === 0 || disk.device === 'cdrom' || disk.device === 'floppy')
      return null;
    const job = this.#lastJob.then(() => blockJobOf(this.#source.connection, this.#domain, disk.target));
    this.#lastJob = job;
    const found = await job;
    // QEMU tells of a guest that goes on writing that there is something left, but it may pivot.
    return found && { ...found, ready: disk.pivotReady };
  }
}

const JOBS = new Map<number, BlockJob['kind']>([
  [BlockJobType.PULL, 'pull'],
  [BlockJobType.COPY, 'copy'],
  [BlockJobType.COMMIT, 'commit'],
  [BlockJobType.ACTIVE_COMMIT, 'active-commit'],
]);

/** The job on a disk; `null` where there is none, or the guest does not run. */
export async function blockJobOf(
  connection: Connection,
  domain: DomainRef,
  target: string,
): Promise<BlockJob | null> {
  const flags = BlockJobInfoFlag.BANDWIDTH_BYTES;
  const job = await connection
    .call('DOMAIN_GET_BLOCK_JOB_INFO', { domain, path: target, flags })
    .catch((error: unknown) => {
      // The guest stopped or lost the disk since it was read; the event of that has it loaded again.
      if (isOperationInvalid(error) || isInvalidArgument(error)) return null;
      throw error;
    });
  if (!job?.found) return null;
  const kind = JOBS.get(job.type) ?? 'unknown';
  return {
    kind,
    bandwidth: Number(job.bandwidth),
    cur: Number(job.cur),
    end: Number(job.end),
    // libvirt keeps the two apart until QEMU is ready.
    ready: (kind === 'copy' || kind === 'active-commit') && job.end > 0n && job.cur === job.end,
  };
}
