import { open, stat } from 'node:fs/promises';
import { versionOf } from './file-version.ts';
import { type FileVersion, VersionCache, type VersionCacheParts } from './version-cache.ts';

export interface FileCacheParts<T> extends VersionCacheParts<T> {
  /** `null` for a file without such content. Throws the file system's or qemu-img's error. @param size bytes of the file */
  read(path: string, format: string | null, size: number): Promise<T | null>;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/** What was read of files of this machine. */
export class FileCache<T> {
  readonly #read: FileCacheParts<T>['read'];
  readonly #clock: () => number;
  readonly #cache: VersionCache<T>;

  constructor({ read, clock = Date.now, ...parts }: FileCacheParts<T>) {
    this.#read = read;
    this.#clock = clock;
    this.#cache = new VersionCache(parts);
  }

  /** `null` where the file can't be read, or has no such content. */
  async at(path: string, format: string | null): Promise<T | null> {
    try {
      const found = await this.#version(path, format);
      if (found === null) return null;
      return await this.#cache.get(path, found, async () => ({
        value: await this.#read(path, format, found.size),
        after: await this.#version(path, format),
      }));
    } catch (error) {
      // The file system's or qemu-img's: a plan treats the image as one whose content is unknown.
      if (error instanceof Error && 'code' in error) return null;
      throw error;
    }
  }

  /** `null` for what is neither a file nor a block device: to open it might take forever. */
  async #version(
    path: string,
    format: string | null,
  ): Promise<(FileVersion & { readonly size: number }) | null> {
    const first = await stat(path, { bigint: true });
    if (!first.isFile() && !first.isBlockDevice()) return null;
    // Network file systems ask their server for a file's times when it is opened; `stat` alone may answer from a cache.
    await using file = await open(path, 'r');
    const found = await file.stat({ bigint: true });
    const version = versionOf(found, this.#clock());
    return {
      size: Number(found.size),
      version: version === null ? null : `${format} ${version}`,
      settled: version !== null,
    };
  }
}
