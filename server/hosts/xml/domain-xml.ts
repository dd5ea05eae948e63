import type { Disk } from '../../../model/fleet/disk.ts';
import type { ImageSource } from '../../../model/fleet/image.ts';
import { labelsOf, type SecurityLabel } from './security-label.ts';
import { child, children, type Element, parseXml, text } from './xml.ts';

/** A disk as in the domain XML, which has no sizes, and not the whole chain while the guest is shut off. */
export interface DefinedDisk {
  readonly target: string;
  readonly device: Disk['device'];
  readonly readOnly: boolean;
  readonly discards: Disk['discards'];
  /** From the active image down; empty for an empty drive. */
  readonly images: readonly DefinedImage[];
  /** Whether the XML says that the last image has no backing image. Otherwise there may be one. */
  readonly complete: boolean;
  /** Whether a copy or an active commit is ready for its pivot. False while the pivot is under way. */
  readonly pivotReady: boolean;
}

export interface DefinedImage {
  readonly source: ImageSource;
  readonly format: string | null;
  readonly index: number | null;
}

export interface DefinedGuest {
  readonly name: string;
  readonly uuid: string;
  /** `null` if it has none. */
  readonly machine: string | null;
  readonly labels: readonly SecurityLabel[];
  readonly disks: readonly DefinedDisk[];
}

const DEVICES = { disk: 'disk', cdrom: 'cdrom', floppy: 'floppy', lun: 'lun' } as const;

/** Reads a `<domain>`, live or inactive. */
export function readDomain(xml: string): DefinedGuest {
  return domainOf(parseXml(xml));
}

export function domainOf(domain: Element): DefinedGuest {
  return {
    name: text(child(domain, 'name')) ?? '',
    uuid: text(child(domain, 'uuid')) ?? '',
    machine: child(child(domain, 'os'), 'type')?.attributes.machine ?? null,
    labels: labelsOf(domain),
    disks: children(child(domain, 'devices'), 'disk').map(diskOf),
  };
}

function diskOf(disk: Element): DefinedDisk {
  const device = disk.attributes.device ?? 'disk';
  const { images, complete } = imagesIn(disk);
  return {
    target: child(disk, 'target')?.attributes.dev ?? '',
    device: Object.entries(DEVICES).find(([name]) => name === device)?.[1] ?? 'disk',
    readOnly: child(disk, 'readonly') !== undefined || device === 'cdrom',
    discards: discardsOf(disk),
    images,
    complete,
    pivotReady: child(disk, 'mirror')?.attributes.ready === 'yes',
  };
}

/** With `discard_no_unref` an image keeps its clusters, but not their room: what is written later may take new ones. */
function discardsOf(disk: Element): Disk['discards'] {
  const { discard, discard_no_unref: keeps } = child(disk, 'driver')?.attributes ?? {};
  return keeps === 'on' ? null : discard === 'unmap';
}

/** The images of a `<disk>`, or of the `<mirror>` that a job writes to, from the top down. */
export function imagesIn(top: Element): Pick<DefinedDisk, 'images' | 'complete'> {
  const images: DefinedImage[] = [];
  for (let at: Element | undefined = top; at !== undefined; at = child(at, 'backingStore')) {
    const source = sourceOf(at);
    if (source === null) return { images, complete: true };
    const isDisk = at.name === 'disk';
    const type = child(at, isDisk ? 'driver' : 'format')?.attributes.type;
    // libvirt says raw with encryption, QEMU and an overlay's header say luks.
    const format = type === 'raw' && isLuks(at) ? 'luks' : type;
    // The top image carries its index on <source>, those below on <backingStore>.
    const index = at.attributes.index ?? child(at, 'source')?.attributes.index;
    images.push({ source, format: format ?? null, index: index === undefined ? null : Number(index) });
  }
  return { images, complete: false };
}

/** Whether libvirt opens it with a key. A raw image's first bytes prove nothing, since its guest writes them. */
function isLuks(image: Element): boolean {
  const encryption = child(child(image, 'source'), 'encryption') ?? child(image, 'encryption');
  return encryption?.attributes.format === 'luks';
}

/** The source of a `<disk>`, `<backingStore>` or `<mirror>`; `null` where it names none. */
export function sourceOf(element: Element): ImageSource | null {
  const source = child(element, 'source');
  if (source === undefined) return null;
  const { file, dev, pool, volume, protocol, name, dir } = source.attributes;
  if (pool !== undefined && volume !== undefined) return { kind: 'volume', pool, volume, path: null };
  if (file !== undefined) return { kind: 'file', path: file };
  if (dev !== undefined) return { kind: 'block', path: dev };
  if (protocol !== undefined) return { kind: 'network', protocol, name: `${hostsOf(source)}${name ?? ''}` };
  return dir === undefined ? null : { kind: 'file', path: dir };
}

function hostsOf(source: Element): string {
  return children(source, 'host')
    .map(
      ({ attributes: { name, port, socket } }) => socket ?? (port === undefined ? name : `${name}:${port}`),
    )
    .map((host) => `${host}/`)
    .join('');
}
