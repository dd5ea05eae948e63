import { lstat, realpath, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import type { Examination, ExaminedDisk, ImageCheck, NamedBacking } from '../../model/examination.ts';
import { type Disk, type DiskRef, type Guest, type GuestRef, isActive } from '../../model/guest.ts';
import { type Image, imageKey, imagePath } from '../../model/image.ts';
import { otherDefinedChains } from './defined-chains.ts';
import { fileIdentity } from './file-identity.ts';
import type { Fleet } from './fleet.ts';
import type { GuestDisks } from './guest-disks.ts';
import { backingPath, headerBacking, startOf } from './header-chain.ts';
import { readQcow2Header } from './qcow2-header.ts';
import { checkImage } from './qemu-img.ts';
import { Turns } from './turns.ts';

/** So many guests are looked at together: each is a few calls to its host, and a few reads of its images' first bytes. */
const GUESTS_AT_ONCE = 4;

/** Looks at guests when somebody asks for it: at their chains, definitions and files. */
export class Examiner {
  readonly #fleet: Fleet;
  readonly #disks: Pick<GuestDisks, 'look' | 'lookAtDisk'>;
  readonly #turns = new Turns(GUESTS_AT_ONCE);

  constructor(fleet: Fleet, disks: Pick<GuestDisks, 'look' | 'lookAtDisk'>) {
    this.#fleet = fleet;
    this.#disks = disks;
  }

  /**
   * Throws a `ProblemError` where the guest can't be had, or the host's own error.
   * @param isBusy whether an operation of the journal has a disk
   */
  examine(ref: GuestRef, isBusy: (disk: DiskRef) => boolean): Promise<Examination> {
    return this.#turns.take(async () => {
      const guest = await this.#disks.look(ref);
      const supervisor = this.#fleet.supervisor(ref.hostId);
      const { qemuVersion } = supervisor.host();
      const source = supervisor.source();
      const defined = isActive(guest) ? await otherDefinedChains(source, guest) : [];
      const disks = guest.disks.map(async (disk): Promise<ExaminedDisk> => {
        const { target } = disk;
        const other = defined.find((one) => one.target === target)?.images[0];
        return {
          target,
          definedOther: other === undefined ? null : imageKey(other.source),
          busy: isBusy({ hostId: ref.hostId, uuid: ref.uuid, target }),
          backings: source.local ? await backingsOf(disk) : [],
        };
      });
      return { guest, qemuVersion, disks: await Promise.all(disks) };
    });
  }

  /** Has qemu-img check the qcow2 images of a disk. Throws a `ProblemError` where the disk can't be had, or `QemuImgError`. */
  async check(ref: DiskRef): Promise<{ guest: Guest; checks: readonly ImageCheck[] }> {
    const { guest, disk } = await this.#disks.lookAtDisk(ref);
    if (!this.#fleet.supervisor(ref.hostId).host().local) return { guest, checks: [] };
    const checks: ImageCheck[] = [];
    for (const [i, image] of (disk.chain?.images ?? []).entries()) {
      const path = imagePath(image);
      if (path === null || image.format !== 'qcow2' || image.missing) continue;
      const written = isActive(guest) && (i === 0 || disk.job !== null);
      checks.push({ image: image.key, written, ...(await checkImage(path)) });
    }
    return { guest, checks };
  }
}

async function backingsOf({ chain, problem }: Disk): Promise<readonly NamedBacking[]> {
  const images = chain?.images ?? [];
  const named = images.map((image, i) => namedBy(image, images[i + 1] ?? null, problem === null));
  return (await Promise.all(named)).filter((backing) => backing !== null);
}

/** What the header of an image names; `null` for one that can't be read, is no qcow2 image, or has nothing below it. */
async function namedBy(image: Image, below: Image | null, whole: boolean): Promise<NamedBacking | null> {
  const own = imagePath(image);
  if (own === null || image.format !== 'qcow2') return null;
  const start = await startOf(own);
  if (start === null || readQcow2Header(start) === null) return null;
  const backing = headerBacking(start);
  if (backing === null || backing === undefined) return null;
  const path = backingPath(backing.name, own);
  const at = path === null ? 'unreadable' : await standing(path);
  const first = at === 'there' && path !== null ? await startOf(path) : null;
  return {
    image: image.key,
    ...backing,
    path,
    plain: at === 'there' && path !== null ? await straight(path) : null,
    link:
      at === 'there' && path !== null && (await lstat(path)).isSymbolicLink() && (await stat(path)).isFile(),
    // A device, or a file that may not be read, says nothing of itself.
    at: at === 'there' && first === null ? 'unreadable' : at,
    beginsAsQcow2: first !== null && readQcow2Header(first) !== null,
    below: below?.key ?? null,
    isBelow: await isSame(path, below, whole),
  };
}

/** A path to the same file that follows no link at its end, and holds no `..`. Links of the folders are left alone. */
async function straight(path: string): Promise<string> {
  if ((await lstat(path)).isSymbolicLink()) return realpath(path);
  if (posix.normalize(path) === path) return path;
  // What `..` leaves depends on the links before it.
  return posix.join(await realpath(posix.dirname(path)), posix.basename(path));
}

async function standing(path: string): Promise<NamedBacking['at']> {
  try {
    await stat(path);
    return 'there';
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'missing' : 'unreadable';
  }
}

/** Where the chain ends above what the header names, that is another file only if the chain is known to its end. */
async function isSame(path: string | null, below: Image | null, whole: boolean): Promise<boolean | null> {
  if (path === null) return null;
  if (below === null) return whole ? false : null;
  const there = imagePath(below);
  if (there === null) return null;
  return (await fileIdentity(path, true)) === (await fileIdentity(there, true));
}
