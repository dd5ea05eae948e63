import { stat } from 'node:fs/promises';
import type { GuestRef } from '../../../model/fleet/disk.ts';
import { imageKey } from '../../../model/fleet/image.ts';
import type { BackingChange, BackingFile } from '../../../model/plans/fixes/rewrite-header.ts';
import type { OldImages } from '../../../model/plans/undo/relink-refusals.ts';
import type { Headers } from '../../ports/headers.ts';
import { imageOf } from '../fleet/disk-loader.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { writtenAt } from '../fleet/revert-basis.ts';
import { followFile } from '../images/file-chain.ts';
import { fileIdentity } from '../images/file-identity.ts';
import { backingPath, type HeaderBacking, headerBacking, startOf } from '../images/header-chain.ts';
import { readQcow2Header } from '../images/qcow2-header.ts';
import { checkImage, QemuImgError, repairLeaks, rewriteBacking } from '../images/qemu-img.ts';

/** Reads, checks and writes the headers and tables of images on this machine, by qemu-img. */
export class ImageHeaders implements Headers {
  readonly #fleet: Fleet;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  isLocal({ hostId }: GuestRef): boolean {
    return this.#fleet.supervisor(hostId).host().local;
  }

  /** The backing image as the header names it; `null` where it can't be read, or names none. */
  async backing(image: string): Promise<HeaderBacking | null> {
    const start = await startOf(image);
    return start === null || readQcow2Header(start) === null ? null : (headerBacking(start) ?? null);
  }

  /** The same, compared with the backing image that it should name. */
  async inspect(image: string, backing: string): Promise<BackingChange | null> {
    const header = await this.backing(image);
    if (header === null) return null;
    const path = backingPath(header.name, image);
    const isWanted = backing.startsWith('/');
    const [now, wanted, from, to] = await Promise.all([
      path === null ? UNREADABLE : fileAt(path),
      isWanted ? fileAt(backing) : UNREADABLE,
      path === null ? null : fileIdentity(path, true),
      isWanted ? fileIdentity(backing, true) : null,
    ]);
    const loops = wanted.at === 'there' && (await leadsTo(backing, wanted, image));
    return { ...header, now, wanted, same: from !== null && from === to, loops };
  }

  /** An image of this machine and all that it is backed by. */
  async lead({ hostId }: GuestRef, image: string, format: string): Promise<OldImages> {
    const source = this.#fleet.supervisor(hostId).source();
    const followed = await followFile(image, format);
    const [images, written] = await Promise.all([
      Promise.all(followed.images.map((one) => imageOf(source, one))),
      writtenAt(followed.images.map((one) => imageKey(one.source))),
    ]);
    return { images, problem: followed.problem, writtenAt: written };
  }

  /** Throws `QemuImgError`, also where a QEMU has the image open. */
  async rewrite(image: string, { name, format }: { name: string; format: string }): Promise<void> {
    await rewriteBacking(image, name, format);
  }

  /** `null` where it could not be checked. */
  async check(image: string): Promise<{ leaks: number; errors: number } | null> {
    try {
      return await checkImage(image);
    } catch (error) {
      if (error instanceof QemuImgError) return null;
      throw error;
    }
  }

  /** Throws `QemuImgError`, also where a QEMU has the image open. */
  async repairLeaks(image: string): Promise<void> {
    await repairLeaks(image);
  }
}

const UNREADABLE: BackingFile = { at: 'unreadable', beginsAsQcow2: false };

async function fileAt(path: string): Promise<BackingFile> {
  try {
    // A device's first bytes prove no format.
    if ((await stat(path)).isBlockDevice()) return { at: 'there', beginsAsQcow2: false };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return error.code === 'ENOENT' ? { at: 'missing', beginsAsQcow2: false } : UNREADABLE;
  }
  const start = await startOf(path);
  return start === null ? UNREADABLE : { at: 'there', beginsAsQcow2: readQcow2Header(start) !== null };
}

/** Whether the image at `path`, or one below it, is the one at `image`. */
async function leadsTo(path: string, { beginsAsQcow2 }: BackingFile, image: string): Promise<boolean> {
  const { images } = await followFile(path, beginsAsQcow2 ? 'qcow2' : 'raw');
  const paths = images.map(({ source }) => (source.kind === 'network' ? null : source.path));
  const found = await Promise.all(
    [path, ...paths].map((one) => (one === null ? null : fileIdentity(one, true))),
  );
  return found.includes(await fileIdentity(image, true));
}
