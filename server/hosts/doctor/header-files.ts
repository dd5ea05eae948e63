import { lstat, realpath, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import type { NamedBacking } from '../../../model/doctor/examination.ts';
import { identityOf } from '../images/file-identity.ts';
import { startOf } from '../images/header-chain.ts';
import { checkImage } from '../images/qemu-img.ts';

/** Where a path leads. */
export interface FilePlace {
  readonly at: NamedBacking['at'];
  /** The same for every path that leads to the file; `null` where it can't be looked at. */
  readonly identity: string | null;
  /** Whether the file that is named is itself a link. */
  readonly link: boolean;
  /** A path to the same file that follows no link at its end, and holds no `..`; `null` where it is not there. */
  readonly plain: string | null;
  /** First bytes of an ordinary file; `null` for a device, or what may not be read. */
  readonly start: Buffer | null;
}

/** The files of a host, as far as what headers say of them can be held against them. */
export interface HeaderFiles {
  /** By path. */
  look(paths: readonly string[]): Promise<ReadonlyMap<string, FilePlace>>;
  /** Has qemu-img check a qcow2 image; it writes nothing. Throws what keeps it from that. */
  check(path: string): Promise<{ leaks: number; errors: number }>;
}

/** Those of this machine. */
export const LOCAL_FILES: HeaderFiles = {
  async look(paths) {
    const places = [...new Set(paths)].map(async (path) => [path, await placeOf(path)] as const);
    return new Map(await Promise.all(places));
  },
  check: checkImage,
};

export const NOWHERE: FilePlace = { at: 'missing', identity: null, link: false, plain: null, start: null };

async function placeOf(path: string): Promise<FilePlace> {
  try {
    const found = await stat(path, { bigint: true });
    const isLink = (await lstat(path)).isSymbolicLink();
    return {
      at: 'there',
      identity: identityOf(found),
      link: isLink && found.isFile(),
      plain: isLink ? await realpath(path) : await straight(path),
      start: await startOf(path),
    };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return error.code === 'ENOENT' ? NOWHERE : { ...NOWHERE, at: 'unreadable' };
  }
}

/** Links of the folders are left alone. */
async function straight(path: string): Promise<string> {
  if (posix.normalize(path) === path) return path;
  // What `..` leaves depends on the links before it.
  return posix.join(await realpath(posix.dirname(path)), posix.basename(path));
}
