import { type ClusterMap, emptyMap, markRange } from '../../../model/content/cluster-map.ts';

/** Fields of an extent in the output of `qemu-img map --output=json`. */
const START = /"start": ?(\d+)/;
const LENGTH = /"length": ?(\d+)/;
/** Whether the image itself has the data. QEMU before 6.1 does not report it. */
const PRESENT = /"present": ?(true|false)/;
const DATA = /"data": ?true/;
const OFFSET = /"offset": ?\d/;
/** Characters; an extent takes about a hundred. */
const LONGEST = 4096;

/** Makes a map from the output of `qemu-img map` while it comes, so that of a million extents only one is in memory. */
export class ExtentReader {
  readonly map: ClusterMap;
  /** Units with space of their own in the file, also where they read as zeros. */
  readonly placed: Uint32Array;
  readonly compressed: Uint32Array;
  readonly #format: 'qcow2' | 'raw';
  #rest = '';
  #end = 0;

  /** @param unit bytes of a cluster or a subcluster, or of the file system's blocks */
  constructor(virtualSize: number, unit: number, format: 'qcow2' | 'raw' = 'qcow2') {
    this.#format = format;
    this.map = emptyMap(virtualSize, unit);
    this.placed = new Uint32Array(this.map.data.length);
    this.compressed = new Uint32Array(this.map.data.length);
  }

  /** Bytes of the disk that are mapped so far, from its start. */
  get end(): number {
    return this.#end;
  }

  /** Reads the next piece of output, cut anywhere. Throws `ExtentError` where it is no map. */
  read(text: string): void {
    const parts = (this.#rest + text).split('}');
    this.#rest = parts.pop() ?? '';
    if (this.#rest.length > LONGEST) throw new ExtentError('EXTENTS_MALFORMED', 'no extents');
    for (const part of parts) this.#extent(part);
  }

  #extent(text: string): void {
    const [start, length] = [START, LENGTH].map((known) => known.exec(text)?.[1]);
    // A raw image has no backing image.
    const present = this.#format === 'raw' ? 'true' : PRESENT.exec(text)?.[1];
    if (present === undefined) throw new ExtentError('EXTENTS_OLD_QEMU_IMG', 'no "present"');
    if (Number(start) !== this.#end || !(Number(length) > 0))
      throw new ExtentError('EXTENTS_MALFORMED', 'an extent is missing');
    const from = this.#end;
    this.#end += Number(length);
    const isPlaced = OFFSET.test(text);
    if (isPlaced) this.#mark(this.placed, from);
    if (present === 'false') return;
    const isData = DATA.test(text);
    this.#mark(isData ? this.map.data : this.map.zeros, from);
    if (isData && !isPlaced) this.#mark(this.compressed, from);
  }

  #mark(bits: Uint32Array, from: number): void {
    const { clusterSize } = this.map;
    const end = Math.min(Math.ceil(this.#end / clusterSize), bits.length * 32);
    markRange(bits, Math.floor(from / clusterSize), end);
  }
}

/** The output of qemu-img is no map, or one that is too large. */
export class ExtentError extends Error {
  readonly code: 'EXTENTS_MALFORMED' | 'EXTENTS_OLD_QEMU_IMG' | 'EXTENTS_TOO_LARGE';

  /** @param message for the log */
  constructor(code: ExtentError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
