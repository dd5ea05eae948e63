/** Where an image's bytes are, in libvirt's terms. */
export type ImageSource =
  | { kind: 'file'; path: string }
  | { kind: 'block'; path: string }
  | { kind: 'volume'; pool: string; volume: string; path: string | null }
  | { kind: 'network'; protocol: string; name: string };

/**
 * One node of a chain. Sizes are in bytes; `null` means unknown.
 * Bytes are plain numbers: exact up to 8 PiB. The code that reads them from libvirt refuses more.
 */
export interface Image {
  /** Identifies the image within its host; two images with one key are the same file. See `imageKey`. */
  readonly key: string;
  readonly source: ImageSource;
  /** `qcow2`, `raw`, ...; `luks` for what libvirt calls raw and opens with a key; `null` if libvirt does not report it. */
  readonly format: string | null;
  /** libvirt's index (`vda[3]`) while the guest runs. */
  readonly index: number | null;
  readonly virtualSize: number | null;
  /** Bytes on the file system, without holes. */
  readonly allocated: number | null;
  /** Whether the file is known to be missing. */
  readonly missing: boolean;
  /** Whether its file's mode lets nobody write it; left out where that is not known, as in older journals. */
  readonly writeProtected?: boolean;
  readonly traits: ImageTraits;
}

/** What decides, in a qcow2 header, whether a block job is safe; all false if the header could not be read. */
export interface ImageTraits {
  /** False if the image could not be inspected, so that the other traits are unknown. */
  readonly known: boolean;
  /** Of qcow2: 2, which `compat=0.10` makes and which can't have bitmaps, or 3; `null` for other formats. */
  readonly version: number | null;
  readonly internalSnapshots: number;
  /** Bytes; `null` for formats without clusters. */
  readonly clusterSize: number | null;
  readonly extendedL2: boolean;
  readonly dataFile: boolean;
  readonly encrypted: boolean;
  /** Whether it holds dirty bitmaps, such as those of checkpoints. */
  readonly bitmaps: boolean;
}

export const UNKNOWN_TRAITS: ImageTraits = {
  known: false,
  version: null,
  internalSnapshots: 0,
  clusterSize: null,
  extendedL2: false,
  dataFile: false,
  encrypted: false,
  bitmaps: false,
};

/** The traits that follow from the format of an image that was not inspected. */
export function traitsByFormat(format: string | null): ImageTraits {
  return format === 'luks' ? { ...UNKNOWN_TRAITS, known: true, encrypted: true } : UNKNOWN_TRAITS;
}

/** Whether images of a format never have a backing image, whatever their bytes are. */
export function isAlwaysBase(format: string | null): boolean {
  return format === 'raw' || format === 'luks';
}

/** The identity of an image within its host. */
export function imageKey(source: ImageSource): string {
  switch (source.kind) {
    case 'file':
    case 'block':
      return source.path;
    case 'volume':
      return source.path ?? `volume:${source.pool}/${source.volume}`;
    case 'network':
      return `${source.protocol}:${source.name}`;
  }
}

/** The path that names this image in libvirt's calls; `null` if it has none. */
export function imagePath(image: Image): string | null {
  const { source } = image;
  return source.kind === 'network' ? null : source.path;
}

/** What people call the image: the last part of its path. */
export function imageName(image: Image): string {
  const { source } = image;
  if (source.kind === 'volume') return source.volume;
  const whole = source.kind === 'network' ? source.name : source.path;
  return whole.split('/').at(-1) || whole;
}

/** What `qemu-img check` reports of an image. */
export interface ImageCheck {
  /** Key of the image. */
  readonly image: string;
  /** Clusters that are allocated though nothing refers to them: lost space, no lost data. */
  readonly leaks: number;
  /** Contradictions in the image's tables. */
  readonly errors: number;
  /** Whether a QEMU writes to it, so that both numbers may come from tables that are not written yet. */
  readonly written: boolean;
}
