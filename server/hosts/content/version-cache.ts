/** A state of a file, as far as it differs from the next. */
export interface FileVersion {
  /** Another text after every write and for every other file; `null` where nothing shows a write, as for a device. */
  readonly version: string | null;
  /** Whether the next write is sure to change the version, so that what is read now may be kept. */
  readonly settled: boolean;
}

/** A value, and the version that its file had once it was read; `null` for a file that is gone by then. */
export interface VersionedValue<T> {
  /** `null` for a file without such content. */
  readonly value: T | null;
  readonly after: FileVersion | null;
}

export interface VersionCacheParts<T> {
  /** Bytes of memory that a value takes. */
  bytesOf(value: T): number;
  /** Bytes that all values may take together. A value that is larger alone is not kept. */
  readonly most: number;
}

/** However small their values are. */
const MOST_FILES = 4096;

/** What was read of files, kept as long as they surely have the version that was read. The least recently used goes first. */
export class VersionCache<T> {
  readonly #parts: VersionCacheParts<T>;
  /** By the file's name. */
  readonly #kept = new Map<string, { readonly version: string; readonly value: T | null }>();
  /** By version: callers that come meanwhile wait for the same reading. */
  readonly #reading = new Map<string, Promise<T | null>>();
  #bytes = 0;

  constructor(parts: VersionCacheParts<T>) {
    this.#parts = parts;
  }

  /** What is kept of the file in this version, else what `read` answers or throws. */
  async get(name: string, found: FileVersion, read: () => Promise<VersionedValue<T>>): Promise<T | null> {
    const { version, settled } = found;
    const kept = this.#kept.get(name);
    if (settled && kept !== undefined && kept.version === version) {
      this.#kept.delete(name);
      this.#kept.set(name, kept);
      return kept.value;
    }
    if (version === null) return this.#read(name, found, read);
    const reading = this.#reading.get(version) ?? this.#read(name, found, read);
    this.#reading.set(version, reading);
    return reading.finally(() => this.#reading.delete(version));
  }

  async #read(
    name: string,
    { version, settled }: FileVersion,
    read: () => Promise<VersionedValue<T>>,
  ): Promise<T | null> {
    this.#drop(name);
    const { value, after } = await read();
    // A file that was written meanwhile may have been read half before and half after the write.
    if (settled && version !== null && after?.version === version) this.#keep(name, version, value);
    return value;
  }

  #keep(name: string, version: string, value: T | null): void {
    const bytes = this.#sizeOf(value);
    if (bytes > this.#parts.most) return;
    this.#drop(name);
    this.#kept.set(name, { version, value });
    this.#bytes += bytes;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#parts.most && this.#kept.size <= MOST_FILES) break;
      this.#drop(oldest);
    }
  }

  #drop(name: string): void {
    this.#bytes -= this.#sizeOf(this.#kept.get(name)?.value ?? null);
    this.#kept.delete(name);
  }

  #sizeOf(value: T | null): number {
    return value === null ? 0 : this.#parts.bytesOf(value);
  }
}
