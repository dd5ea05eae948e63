import { type Image, type ImageSource, imageKey } from '../../../model/fleet/image.ts';
import type { RecordedDisk, RecordedMedium, SnapshotRecord } from '../../../model/fleet/snapshot-record.ts';
import { type DefinedImage, domainOf, sourceOf } from './domain-xml.ts';
import { child, children, type Element, parseXml, text } from './xml.ts';

/** A snapshot's record, and the images that a revert to it reads or deletes, as the record names them. */
export interface ReadSnapshot {
  readonly record: SnapshotRecord;
  readonly images: readonly DefinedImage[];
}

/** Reads a `<domainsnapshot>`. */
export function readSnapshot(xml: string): ReadSnapshot {
  const snapshot = parseXml(xml);
  // A revert brings the inactive definition back. Only a disk that was attached to the running guest alone is not in it.
  const defined = [child(snapshot, 'domain'), child(snapshot, 'inactiveDomain')].flatMap((before) =>
    before === undefined ? [] : domainOf(before).disks,
  );
  const frozen = new Map(defined.map(({ target, images: [image] }) => [target, image]));
  const taken = elementsByTarget(child(snapshot, 'disks'));
  const reverted = elementsByTarget(child(snapshot, 'revertDisks'));
  const fixed = defined.filter(({ device }) => device !== 'cdrom' && device !== 'floppy');
  const targets = new Set([...taken.keys(), ...fixed.map(({ target }) => target)]);
  const disks = [...targets].flatMap((target): RecordedDisk[] => {
    const disk = taken.get(target);
    const kind = kindOf(disk);
    const image = frozen.get(target);
    if (image === undefined && kind === 'none') return [];
    const overlay = disk === undefined || kind !== 'external' ? null : sourceOf(disk);
    const again = sourceIn(reverted.get(target));
    return [
      {
        target,
        kind,
        frozen: image === undefined ? null : imageKey(image.source),
        overlay: overlay === null ? null : imageKey(overlay),
        ...(image?.source.kind === 'volume' ? { volume: true } : {}),
        ...(again === null ? {} : { reverted: imageKey(again) }),
        ...(disk !== undefined && child(disk, 'snapshotDeleteInProgress') !== undefined
          ? { deleting: true }
          : {}),
      },
    ];
  });
  const media = defined.flatMap(({ target, images: [image] }) =>
    image === undefined || targets.has(target) ? [] : [{ target, image: imageKey(image.source) }],
  );
  const kept = new Set([...disks, ...media].map(({ target }) => target));
  const made = [...reverted.values()].flatMap((disk) => sourceIn(disk) ?? []);
  return {
    record: {
      name: text(child(snapshot, 'name')) ?? '',
      description: text(child(snapshot, 'description')),
      createdAt: Number(text(child(snapshot, 'creationTime')) ?? 0) * 1000,
      parent: text(child(child(snapshot, 'parent'), 'name')),
      ...(media.length === 0 ? {} : { media: onePerTarget(media) }),
      ...(hasMemory(snapshot) ? { memory: true } : {}),
      disks,
    },
    images: [
      ...[...frozen].flatMap(([target, image]) => (image !== undefined && kept.has(target) ? [image] : [])),
      ...made.map((source): DefinedImage => ({ source, format: 'qcow2', index: null })),
    ],
  };
}

/** The last one of each drive, as the inactive definition has it. */
function onePerTarget(media: readonly RecordedMedium[]): readonly RecordedMedium[] {
  return [...new Map(media.map((one) => [one.target, one])).values()];
}

/** An internal snapshot of a running guest has it, too. */
function hasMemory(snapshot: Element): boolean {
  const kind = child(snapshot, 'memory')?.attributes.snapshot;
  return kind === 'external' || kind === 'internal';
}

function elementsByTarget(disks: Element | undefined): ReadonlyMap<string, Element> {
  return new Map(children(disks, 'disk').map((disk) => [disk.attributes.name ?? '', disk]));
}

function kindOf(disk: Element | undefined): RecordedDisk['kind'] {
  const kind = disk?.attributes.snapshot;
  return kind === 'external' || kind === 'internal' ? kind : 'none';
}

function sourceIn(disk: Element | undefined): ImageSource | null {
  return disk === undefined ? null : sourceOf(disk);
}

/** The record with the keys of these images. It names a volume by its pool, and their keys are paths; both are one image. */
export function withKeysOf(images: readonly Image[], record: SnapshotRecord): SnapshotRecord {
  const keys = new Map<string, string>();
  for (const { key, source } of images) {
    if (source.kind === 'volume') keys.set(imageKey({ ...source, path: null }), key);
  }
  const known = (key: string | null) => (key === null ? null : (keys.get(key) ?? key));
  const media = record.media?.map((one) => ({ ...one, image: keys.get(one.image) ?? one.image }));
  return {
    ...record,
    ...(media === undefined ? {} : { media }),
    disks: record.disks.map((disk) => ({
      ...disk,
      frozen: known(disk.frozen),
      overlay: known(disk.overlay),
      ...(disk.reverted === undefined ? {} : { reverted: keys.get(disk.reverted) ?? disk.reverted }),
    })),
  };
}
