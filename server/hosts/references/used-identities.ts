import { posix } from 'node:path';
import type { ImageFile } from '../../../model/fleet/leftover.ts';
import { isFileSource } from './file-source.ts';
import type { Register } from './register.ts';

/** Registers of the machine in question and of the others in the fleet. */
export interface Machines {
  readonly here: Register;
  readonly others: readonly Register[];
}

/** Paths that a host's definitions name beside disks. */
export interface NamedPaths {
  readonly hostId: string;
  readonly paths: ReadonlySet<string>;
}

/** Identities of the images that something refers to other than another image of this machine. */
export async function usedIdentities(
  { here, others }: Machines,
  named: readonly NamedPaths[],
  images: readonly ImageFile[],
): Promise<ReadonlySet<string>> {
  const hosts = new Set(here.hosts.map((host) => host.host().id));
  const used = new Set<string>();
  for (const { identities } of here.disks) for (const identity of identities) used.add(identity);
  for (const { identity } of here.records) used.add(identity);
  for (const { hostId, paths } of named) {
    if (hosts.has(hostId)) for (const path of paths) used.add(await here.identityAt(path));
  }
  // A path on another machine may be the same file, on storage that both reach.
  const far = pathsElsewhere(
    others,
    named.filter(({ hostId }) => !hosts.has(hostId)),
  );
  for (const { path, identity } of here.files) if (far.has(posix.normalize(path))) used.add(identity);
  // Volumes that no folder shows, such as logical ones, are never deleted, so all that they depend on stays.
  const known = new Set(images.map(({ identity }) => identity));
  for (const { identity } of here.files) if (!known.has(identity)) used.add(identity);
  return used;
}

function pathsElsewhere(others: readonly Register[], named: readonly NamedPaths[]): ReadonlySet<string> {
  const paths = others.flatMap(({ disks, records }) => [
    ...disks.flatMap(({ sources }) => sources.filter(isFileSource).map(({ path }) => path ?? '')),
    ...records.map(({ path }) => path),
  ]);
  return new Set([
    ...[...paths, ...named.flatMap((one) => [...one.paths])].map((path) => posix.normalize(path)),
    ...others.flatMap(({ files }) => files.flatMap(({ backing }) => backing)),
  ]);
}
