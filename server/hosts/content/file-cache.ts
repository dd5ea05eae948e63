import { open, stat } from 'node:fs/promises';
import { versionOf } from './file-version.ts';

export interface FileCacheParts<T> {
  /** Throws what the file system or qemu-img says. @param size bytes of the file */
  read(path: string, format: string | null, size: number): Promise<T | null>;
  bytesOf(value: T): number;
  /** Bytes that are kept together; what is larger alone is not kept. */
  readonly most: number;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/** What was read of files, kept only as long as it is sure that nobody wrote to them; what was asked for longest ago goes first. */
export class FileCache<T> {
  readonly #kept = new Map<string, { readonly version: string; readonly value: T | null }>();
  /** By version: who comes meanwhile waits for the same reading. */
  readonly #reading = new Map<string, Promise<T | null>>();
  readonly #parts: FileCacheParts<T>;
  readonly #clock: () => number;
  #bytes = 0;

  constructor(parts: FileCacheParts<T>) {
    this.#parts = parts;
    this.#clock = parts.clock ?? Date.now;
  }

  /** `null` where the file can't be read, or holds no such thing. */
  async at(path: string, format: string | null): Promise<T | null> {
    try {
      return await this.#at(path, format);
    } catch (error) {
      // Of the file system or of qemu-img: the image is planned with as one that nobody looked into.
      if (error instanceof Error && 'code' in error) return null;
      throw error;
    }
  }

  async #at(path: string, format: string | null): Promise<T | null> {
    const found = await lookAt(path, this.#clock);
    if (found === null) return null;
    if (found.version === null) {
      this.#drop(path);
      return this.#parts.read(path, format, found.size);
    }
    const version = `${format} ${found.version}`;
    const kept = this.#kept.get(path);
    if (kept?.version === version) {
      this.#kept.delete(path);
      this.#kept.set(path, kept);
      return kept.value;
    }
    const reading = this.#reading.get(version) ?? this.#read(path, format, found.size, version);
    this.#reading.set(version, reading);
    return reading.finally(() => this.#reading.delete(version));
  }

  async #read(path: string, format: string | null, size: number, version: string): Promise<T | null> {
    this.#drop(path);
    const value = await this.#parts.read(path, format, size);
    // Written meanwhile, it may be half of what was and half of what is.
    const now = await lookAt(path, this.#clock);
    if (now?.version != null && `${format} ${now.version}` === version) this.#keep(path, version, value);
    return value;
  }

  #keep(path: string, version: string, value: T | null): void {
    const bytes = this.#sizeOf(value);
    if (bytes > this.#parts.most) return;
    this.#drop(path);
    this.#kept.set(path, { version, value });
    this.#bytes += bytes;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#parts.most && this.#kept.size <= MOST_FILES) break;
      this.#drop(oldest);
    }
  }

  #drop(path: string): void {
    this.#bytes -= this.#sizeOf(this.#kept.get(path)?.value ?? null);
    this.#kept.delete(path);
  }

  #sizeOf(value: T | null): number {
    return value === null ? 0 : this.#parts.bytesOf(value);
  }
}

/** However small they are. */
const MOST_FILES = 4096;

/** `null` for what is neither a file nor a block device: to open it might take forever. */
async function lookAt(
  path: string,
  clock: () => number,
): Promise<{ size: number; version: string | null } | null> {
  const first = await stat(path, { bigint: true });
  if (!first.isFile() && !first.isBlockDevice()) return null;
  // Network file systems ask their server for a file's times when it is opened; before, they may go by what they heard some time ago.
  await using file = await open(path, 'r');
  const found = await file.stat({ bigint: true });
  return { size: Number(found.size), version: versionOf(found, clock()) };
}
