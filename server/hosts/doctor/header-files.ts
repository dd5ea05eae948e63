import { lstat, realpath, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import type { NamedBacking } from '../../../model/doctor/examination.ts';
import { identityOf } from '../images/file-identity.ts';
import { startOf } from '../images/header-chain.ts';
import { checkImage } from '../images/qemu-img.ts';

/** The file that a path leads to. */
export interface LocatedFile {
  readonly at: NamedBacking['at'];
  /** The same text for every path to the file; `null` where it can't be read. */
  readonly identity: string | null;
  /** Whether the path itself is a symbolic link. */
  readonly link: boolean;
  /** A path to the same file that has no `..` and is itself no link; `null` for a missing file. */
  readonly plain: string | null;
  /** First bytes of an ordinary file; `null` for a device, or a file that can't be read. */
  readonly start: Buffer | null;
}

/** Reads the files of a host to compare them with what headers name. */
export interface HeaderFiles {
  /** The files, by path. */
  read(paths: readonly string[]): Promise<ReadonlyMap<string, LocatedFile>>;
  /** Has qemu-img check a qcow2 image, without writing. Throws `QemuImgError` or `RemoteShellError`. */
  check(path: string): Promise<{ leaks: number; errors: number }>;
}

/** The files of this machine. */
export const LOCAL_FILES: HeaderFiles = {
  async read(paths) {
    const files = [...new Set(paths)].map(async (path) => [path, await locate(path)] as const);
    return new Map(await Promise.all(files));
  },
  check: checkImage,
};

export const NOWHERE: LocatedFile = { at: 'missing', identity: null, link: false, plain: null, start: null };

async function locate(path: string): Promise<LocatedFile> {
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

/** The path without `..`. */
async function straight(path: string): Promise<string> {
  if (posix.normalize(path) === path) return path;
  // Where `..` leads depends on the links before it.
  return posix.join(await realpath(posix.dirname(path)), posix.basename(path));
}
