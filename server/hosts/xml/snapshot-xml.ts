import type { Disk } from '../../../model/fleet/disk.ts';
import { imageKey } from '../../../model/fleet/image.ts';
import type { RecordedDisk, SnapshotRecord } from '../../../model/fleet/snapshot-record.ts';
import { domainOf, sourceOf } from './domain-xml.ts';
import { child, children, parseXml, text } from './xml.ts';

/** Reads a `<domainsnapshot>`. */
export function readSnapshot(xml: string): SnapshotRecord {
  const snapshot = parseXml(xml);
  const before = child(snapshot, 'domain');
  const frozen = new Map(
    (before === undefined ? [] : domainOf(before).disks).map((disk) => [disk.target, disk.images[0]?.source]),
  );
  const disks = children(child(snapshot, 'disks'), 'disk').flatMap((disk): RecordedDisk[] => {
    const { name: target = '', snapshot: kind } = disk.attributes;
    if (kind !== 'external' && kind !== 'internal') return [];
    const source = frozen.get(target);
    const overlay = sourceOf(disk);
    return [
      {
        target,
        kind,
        frozen: source === undefined ? null : imageKey(source),
        overlay: kind === 'internal' || overlay === null ? null : imageKey(overlay),
      },
    ];
  });
  return {
    name: text(child(snapshot, 'name')) ?? '',
    description: text(child(snapshot, 'description')),
    createdAt: Number(text(child(snapshot, 'creationTime')) ?? 0) * 1000,
    parent: text(child(child(snapshot, 'parent'), 'name')),
    disks,
  };
}

/** The record with the chain's keys. A record names a volume by its pool and the chain names it by its path; both are one image. */
export function withKeysOf(disks: readonly Disk[], record: SnapshotRecord): SnapshotRecord {
  const keys = new Map<string, string>();
  for (const { key, source } of disks.flatMap(({ chain }) => chain?.images ?? [])) {
    if (source.kind === 'volume') keys.set(imageKey({ ...source, path: null }), key);
  }
  const known = (key: string | null) => (key === null ? null : (keys.get(key) ?? key));
  return {
    ...record,
    disks: record.disks.map((disk) => ({
      ...disk,
      frozen: known(disk.frozen),
      overlay: known(disk.overlay),
    })),
  };
}
