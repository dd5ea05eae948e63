import { inOrder, type SnapshotRecord } from '../../../model/fleet/snapshot-record.ts';
import { type Connection, type DomainRef, isNoSnapshot } from '../../libvirt/index.ts';
import type { DefinedImage } from '../xml/domain-xml.ts';
import { readSnapshot } from '../xml/snapshot-xml.ts';
import type { Source } from './source.ts';

/** A guest's snapshots as libvirt has them. */
export interface Snapshots {
  readonly records: readonly SnapshotRecord[];
  /** Name of the current one; `null` for none. */
  readonly current: string | null;
  /** The images that reverts read or delete, those of the newest record first. One may be there more than once. */
  readonly images: readonly DefinedImage[];
}

/** Reads a guest's snapshots. Throws libvirt's error. */
export async function loadSnapshots({ connection }: Source, domain: DomainRef): Promise<Snapshots> {
  const listed = await connection.call('DOMAIN_LIST_ALL_SNAPSHOTS', {
    domain,
    needResults: true,
    flags: 0,
  });
  if (listed.length === 0) return { records: [], current: null, images: [] };
  const read = await Promise.all(
    listed.map(async (snapshot) => {
      try {
        return [readSnapshot(await connection.call('DOMAIN_SNAPSHOT_GET_XML_DESC', { snapshot, flags: 0 }))];
      } catch (error) {
        if (isNoSnapshot(error)) return [];
        throw error;
      }
    }),
  );
  const current = await currentOf(connection, domain);
  const images = new Map(read.flat().map((one) => [one.record.name, one.images]));
  const records = inOrder(read.flat().map(({ record }) => record));
  return { records, current, images: records.toReversed().flatMap(({ name }) => images.get(name) ?? []) };
}

/** libvirt names it in answer to this question only, not in any XML. */
async function currentOf(connection: Connection, domain: DomainRef): Promise<string | null> {
  while (await connection.call('DOMAIN_HAS_CURRENT_SNAPSHOT', { domain, flags: 0 })) {
    try {
      return (await connection.call('DOMAIN_SNAPSHOT_CURRENT', { domain, flags: 0 })).name;
    } catch (error) {
      // It was deleted in between, so that another one or none is current.
      if (!isNoSnapshot(error)) throw error;
    }
  }
  return null;
}
