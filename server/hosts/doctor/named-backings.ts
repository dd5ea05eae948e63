import { posix } from 'node:path';
import type { NamedBacking } from '../../../model/doctor/examination.ts';
import type { Disk } from '../../../model/fleet/disk.ts';
import { type Image, imagePath } from '../../../model/fleet/image.ts';
import { backingPath, type HeaderBacking, headerBacking } from '../images/header-chain.ts';
import { readQcow2Header } from '../images/qcow2-header.ts';
import { type HeaderFiles, type LocatedFile, NOWHERE } from './header-files.ts';

/** The backing image that a header names, and the path that QEMU makes of the name. */
interface Named extends HeaderBacking {
  readonly image: Image;
  readonly path: string | null;
  readonly below: Image | null;
}

/** The backing images that the headers of disks' images name, by the disk's target. Throws the error of reading the files. */
export async function namedBackings(
  disks: readonly Disk[],
  files: HeaderFiles,
): Promise<ReadonlyMap<string, readonly NamedBacking[]>> {
  const images = disks.flatMap(({ chain }) => chain?.images ?? []);
  const own = await files.read(images.filter(({ format }) => format === 'qcow2').flatMap(pathsOf));
  const named = new Map(disks.map((disk) => [disk.target, namesIn(disk, own)]));
  const leads = [...named.values()].flat();
  const located = await files.read(
    leads.flatMap(({ path, below }) => [
      ...(path === null ? [] : [path]),
      ...(below === null ? [] : pathsOf(below)),
    ]),
  );
  return new Map(
    disks.map(({ target, problem }) => [
      target,
      (named.get(target) ?? []).map((one) => backingOf(one, located, problem === null)),
    ]),
  );
}

function pathsOf(image: Image): readonly string[] {
  const path = imagePath(image);
  return path === null ? [] : [path];
}

/** One for each image whose header can be read and names a backing image. */
function namesIn({ chain }: Disk, own: ReadonlyMap<string, LocatedFile>): readonly Named[] {
  const images = chain?.images ?? [];
  return images.flatMap((image, i) => {
    const path = imagePath(image);
    const start = path === null || image.format !== 'qcow2' ? null : (own.get(path)?.start ?? null);
    if (path === null || start === null || readQcow2Header(start) === null) return [];
    const backing = headerBacking(start);
    if (backing === null || backing === undefined) return [];
    return [{ ...backing, image, path: backingPath(backing.name, path), below: images[i + 1] ?? null }];
  });
}

/** @param whole whether the chain is known to its end */
function backingOf(
  { image, name, format, path, below }: Named,
  located: ReadonlyMap<string, LocatedFile>,
  whole: boolean,
): NamedBacking {
  const { at, link, plain, start } = locatedAt(path, located);
  return {
    image: image.key,
    name,
    format,
    path,
    plain,
    link,
    // The format of a device, or of a file that can't be read, is unknown.
    at: at === 'there' && start === null ? 'unreadable' : at,
    beginsAsQcow2: start !== null && readQcow2Header(start) !== null,
    below: below?.key ?? null,
    isBelow: isSame(path, below, located, whole),
  };
}

function locatedAt(path: string | null, located: ReadonlyMap<string, LocatedFile>): LocatedFile {
  return path === null ? { ...NOWHERE, at: 'unreadable' } : (located.get(path) ?? NOWHERE);
}

/** Whether the header names the image below. Where the chain ends with this image, `false` only if that is surely its end. */
function isSame(
  path: string | null,
  below: Image | null,
  located: ReadonlyMap<string, LocatedFile>,
  whole: boolean,
): boolean | null {
  if (path === null) return null;
  if (below === null) return whole ? false : null;
  const there = imagePath(below);
  if (there === null) return null;
  const identity = (of: string) => locatedAt(of, located).identity ?? posix.normalize(of);
  return identity(path) === identity(there);
}
