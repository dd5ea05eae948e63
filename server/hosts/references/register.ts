import { type ImageSource, imageKey } from '../../../model/fleet/image.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Supervisor } from '../fleet/supervisor.ts';
import { fileIdentity } from '../images/file-identity.ts';
import type { VolumeInfo } from '../images/volume-chain.ts';
import { isFileSource } from './file-source.ts';
import { type FoundFile, filesIn } from './folder-images.ts';
import { type HostPool, readHostReferences, type Thoroughness } from './host-references.ts';
import { foldersOf } from './image-folders.ts';
import type { RecordedImage } from './recorded-images.ts';
import type { LeadingDisk } from './referring-disks.ts';

export interface ReferringDisk extends LeadingDisk {
  /** Of its images, in the same order. */
  readonly identities: readonly string[];
}

/** A snapshot record that names an image, or one that is backed by it. */
export interface ReferringRecord extends RecordedImage {
  readonly identity: string;
}

/** An image file or a volume. `backing` has the identities of what its backing image may be, and of the file with its data. */
export interface ReferringFile {
  readonly path: string;
  readonly identity: string;
  readonly backing: readonly string[];
  /** From the file itself; `null` for what only a storage pool knows. */
  readonly file: FoundFile | null;
  /** From a storage pool; `null` for files that this process can read. */
  readonly volume: VolumeInfo | null;
}

/**
 * Everything that refers to the images of one machine, read at one moment. Images are compared by identity: one identity
 * stands for all paths that lead to a file.
 */
export interface Register {
  /** All daemons of this machine, or a single one elsewhere. */
  readonly hosts: readonly Supervisor[];
  /** Whether this process can read the files; else paths and storage pools decide. */
  readonly local: boolean;
  readonly disks: readonly ReferringDisk[];
  readonly records: readonly ReferringRecord[];
  readonly files: readonly ReferringFile[];
  /** Folders of this machine that were read, by their real paths. */
  readonly folders: ReadonlySet<string>;
  readonly pools: readonly HostPool[];
  /** Names of guests that did not answer, and whose disks are not among these. */
  readonly silent: readonly string[];
  /** What could not be read, so that there may be more. */
  readonly unread: readonly Problem[];
  identify(source: ImageSource): Promise<string>;
  identityAt(path: string): Promise<string>;
}

/** Throws `HOST_UNKNOWN`, or the error of a lost connection. */
export async function readRegister(
  fleet: Fleet,
  hostId: string,
  thoroughness: Thoroughness,
): Promise<Register> {
  const own = fleet.supervisor(hostId);
  const { local } = own.host();
  const hosts = local
    ? fleet.hosts().flatMap((host) => (host.local ? [fleet.supervisor(host.id)] : []))
    : [own];
  const identityAt = (path: string) => fileIdentity(path, local);
  const identify = async (source: ImageSource) => {
    const path = source.kind === 'network' ? null : source.path;
    return path === null ? `name ${imageKey(source)}` : identityAt(path);
  };
  const references = await Promise.all(hosts.map((host) => readHostReferences(host, thoroughness)));
  const disks = await Promise.all(
    references
      .flatMap((host) => host.disks)
      .map(async (disk) => ({ ...disk, identities: await Promise.all(disk.sources.map(identify)) })),
  );
  const recorded = references.flatMap((host) => host.records);
  // The records of a guest rest on much the same images.
  const paths = [...new Set(recorded.map(({ path }) => path))];
  const identities = new Map(
    await Promise.all(paths.map(async (path) => [path, await identityAt(path)] as const)),
  );
  const records = recorded.map((record) => ({ ...record, identity: identities.get(record.path) ?? '' }));
  const pools = references.flatMap((host) => host.pools);
  const folders = local ? await foldersOf(pathsIn(disks, records), runningFolders(pools)) : new Set<string>();
  const found = await filesIn(folders);
  const volumes = references.flatMap((host) => host.volumes);
  const files = await Promise.all([
    ...found.files.map((file) => entry(file, file.backing, identityAt, { file, volume: null })),
    ...volumes.map((volume) =>
      entry(volume, volume.backing === null ? [] : [volume.backing.path], identityAt, { file: null, volume }),
    ),
  ]);
  const silent = references.flatMap((host) => host.silent);
  const unread = [
    ...references.flatMap((host) => host.unread),
    ...found.unread.map((path) => problem('FILE_UNREADABLE', { path })),
  ];
  return { hosts, local, disks, records, files, folders, pools, silent, unread, identify, identityAt };
}

async function entry(
  { path }: { readonly path: string },
  backing: readonly string[],
  identityAt: (path: string) => Promise<string>,
  known: Pick<ReferringFile, 'file' | 'volume'>,
): Promise<ReferringFile> {
  const identity = known.file?.identity ?? (await identityAt(path));
  return { path, identity, backing: await Promise.all(backing.map(identityAt)), ...known };
}

function pathsIn(disks: readonly LeadingDisk[], records: readonly RecordedImage[]): readonly string[] {
  const sources = disks.flatMap((disk) => disk.sources);
  return [
    ...sources.filter(isFileSource).flatMap(({ path }) => (path === null ? [] : [path])),
    ...records.map(({ path }) => path),
  ];
}

function runningFolders(pools: readonly HostPool[]): readonly string[] {
  return pools.flatMap(({ path, running }) => (running && path !== null ? [path] : []));
}
