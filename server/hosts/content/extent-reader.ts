import { type ClusterMap, emptyMap, markRange } from '../../../model/content/cluster-map.ts';

/** Of one extent as `qemu-img map --output=json` tells it. */
const START = /"start": ?(\d+)/;
const LENGTH = /"length": ?(\d+)/;
/** QEMU before 6.1 does not tell whether the image itself holds what is read. */
const PRESENT = /"present": ?(true|false)/;
const DATA = /"data": ?true/;
const OFFSET = /"offset": ?\d/;
/** Characters; an extent takes some hundred. */
const LONGEST = 4096;

/** Makes a map of what `qemu-img map` says while it says it: of a million extents no more than one is ever held. */
export class ExtentReader {
  readonly map: ClusterMap;
  /** What has a place of its own in the file, also where nothing is read from it. */
  readonly placed: Uint32Array;
  readonly compressed: Uint32Array;
  readonly #format: 'qcow2' | 'raw';
  #rest = '';
  #end = 0;

  /** @param unit bytes of a cluster or a subcluster, or of what the file system has holes in */
  constructor(virtualSize: number, unit: number, format: 'qcow2' | 'raw' = 'qcow2') {
    this.#format = format;
    this.map = emptyMap(virtualSize, unit);
    this.placed = new Uint32Array(this.map.data.length);
    this.compressed = new Uint32Array(this.map.data.length);
  }

  /** Bytes of the disk that were told of so far, from its beginning on. */
  get end(): number {
    return this.#end;
  }

  /** The next piece of its output, wherever it was cut. Throws `ExtentError` where it makes no sense. */
  read(text: string): void {
    const parts = (this.#rest + text).split('}');
    this.#rest = parts.pop() ?? '';
    if (this.#rest.length > LONGEST) throw new ExtentError('qemu-img map told of no extents');
    for (const part of parts) this.#extent(part);
  }

  #extent(text: string): void {
    const [start, length] = [START, LENGTH].map((known) => known.exec(text)?.[1]);
    // All of a raw image is its own, also where nobody says so.
    const present = this.#format === 'raw' ? 'true' : PRESENT.exec(text)?.[1];
    if (present === undefined)
      throw new ExtentError('this qemu-img does not tell what an image holds itself');
    if (Number(start) !== this.#end || !(Number(length) > 0)) throw new ExtentError('an extent is left out');
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

/** What was said is no map. */
export class ExtentError extends Error {}
