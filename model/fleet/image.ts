/** Where an image's bytes are, in libvirt's terms. */
export type ImageSource =
  | { kind: 'file'; path: string }
  | { kind: 'block'; path: string }
  | { kind: 'volume'; pool: string; volume: string; path: string | null }
  | { kind: 'network'; protocol: string; name: string };

/**
 * One node of a chain. Sizes are bytes; `null` means that nobody could tell.
 * Bytes are plain numbers here: exact up to 8 PiB, and what reads them from libvirt refuses more.
 */
export interface Image {
  /** Names the image within its host; two images with one key are the same file. See `imageKey`. */
  readonly key: string;
  readonly source: ImageSource;
  /** `qcow2`, `raw`, ...; `luks` for what libvirt calls raw and opens with a key; `null` where libvirt does not say. */
  readonly format: string | null;
  /** libvirt's index (`vda[3]`) while the guest runs. */
  readonly index: number | null;
  readonly virtualSize: number | null;
  /** Bytes taken on the file system, holes left out. */
  readonly allocated: number | null;
  /** Somebody looked, and it is not there. */
  readonly missing: boolean;
  readonly traits: ImageTraits;
}

/** What a qcow2 header tells that decides whether a block job is safe; all false where it could not be read. */
export interface ImageTraits {
  /** False where nobody could look into the image, so that the other traits say nothing. */
  readonly known: boolean;
  readonly internalSnapshots: number;
  /** Bytes; `null` for formats without clusters. */
  readonly clusterSize: number | null;
  readonly extendedL2: boolean;
  readonly dataFile: boolean;
  readonly encrypted: boolean;
}

export const UNKNOWN_TRAITS: ImageTraits = {
  known: false,
  internalSnapshots: 0,
  clusterSize: null,
  extendedL2: false,
  dataFile: false,
  encrypted: false,
};

/** What the format alone tells of an image that nobody looked into. */
export function traitsByFormat(format: string | null): ImageTraits {
  return format === 'luks' ? { ...UNKNOWN_TRAITS, known: true, encrypted: true } : UNKNOWN_TRAITS;
}

/** Whether images of a format never have a backing image, whatever their bytes seem to say. */
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

/** The path by which libvirt takes this image as an argument, `null` where it has none. */
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

/** What `qemu-img check` said of an image. */
export interface ImageCheck {
  /** Key of the image. */
  readonly image: string;
  /** Clusters that are taken and that nothing refers to: lost room, no lost data. */
  readonly leaks: number;
  /** Places where the image contradicts itself. */
  readonly errors: number;
  /** Whether a QEMU writes to it, so that both may be what it has not written down yet. */
  readonly written: boolean;
}
