import { posix } from 'node:path';
import type { NamedBacking } from '../../../model/doctor/examination.ts';
import type { Disk } from '../../../model/fleet/disk.ts';
import { type Image, imagePath } from '../../../model/fleet/image.ts';
import { backingPath, type HeaderBacking, headerBacking } from '../images/header-chain.ts';
import { readQcow2Header } from '../images/qcow2-header.ts';
import { type FilePlace, type HeaderFiles, NOWHERE } from './header-files.ts';

/** What an image's header names, and the path that QEMU makes of it. */
interface Named extends HeaderBacking {
  readonly image: Image;
  readonly path: string | null;
  readonly below: Image | null;
}

/** What the headers of disks' images say of the images below them, by the disk's target. Throws what keeps the files from being looked at. */
export async function namedBackings(
  disks: readonly Disk[],
  files: HeaderFiles,
): Promise<ReadonlyMap<string, readonly NamedBacking[]>> {
  const images = disks.flatMap(({ chain }) => chain?.images ?? []);
  const own = await files.look(images.filter(({ format }) => format === 'qcow2').flatMap(pathsOf));
  const named = new Map(disks.map((disk) => [disk.target, namesIn(disk, own)]));
  const leads = [...named.values()].flat();
  const places = await files.look(
    leads.flatMap(({ path, below }) => [
      ...(path === null ? [] : [path]),
      ...(below === null ? [] : pathsOf(below)),
    ]),
  );
  return new Map(
    disks.map(({ target, problem }) => [
      target,
      (named.get(target) ?? []).map((one) => backingOf(one, places, problem === null)),
    ]),
  );
}

function pathsOf(image: Image): readonly string[] {
  const path = imagePath(image);
  return path === null ? [] : [path];
}

/** One for each image whose header can be read and names an image below. */
function namesIn({ chain }: Disk, own: ReadonlyMap<string, FilePlace>): readonly Named[] {
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
  places: ReadonlyMap<string, FilePlace>,
  whole: boolean,
): NamedBacking {
  const { at, link, plain, start } = placeAt(path, places);
  return {
    image: image.key,
    name,
    format,
    path,
    plain,
    link,
    // A device, or a file that may not be read, says nothing of itself.
    at: at === 'there' && start === null ? 'unreadable' : at,
    beginsAsQcow2: start !== null && readQcow2Header(start) !== null,
    below: below?.key ?? null,
    isBelow: isSame(path, below, places, whole),
  };
}

function placeAt(path: string | null, places: ReadonlyMap<string, FilePlace>): FilePlace {
  return path === null ? { ...NOWHERE, at: 'unreadable' } : (places.get(path) ?? NOWHERE);
}

/** Where the chain ends above what the header names, that is another file only if the chain is known to its end. */
function isSame(
  path: string | null,
  below: Image | null,
  places: ReadonlyMap<string, FilePlace>,
  whole: boolean,
): boolean | null {
  if (path === null) return null;
  if (below === null) return whole ? false : null;
  const there = imagePath(below);
  if (there === null) return null;
  const identity = (of: string) => placeAt(of, places).identity ?? posix.normalize(of);
  return identity(path) === identity(there);
}
