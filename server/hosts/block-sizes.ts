import { imageKey } from '../../model/image.ts';
import type { Connection, DomainRef } from '../libvirt/index.ts';
import type { DefinedDisk } from './domain-xml.ts';

/** Sizes of one image as QEMU has them. Bytes. */
export interface BlockSizes {
  readonly virtualSize: number | null;
  readonly allocated: number | null;
}

const STATS_BLOCK = 1 << 6;
const STATS_BACKING = 1 << 30;

/** What a running guest's QEMU says of every image of its chains, by image key. */
export async function blockSizes(
  connection: Connection,
  domain: DomainRef,
  disks: readonly DefinedDisk[],
): Promise<ReadonlyMap<string, BlockSizes>> {
  const stats = await connection.call('CONNECT_GET_ALL_DOMAIN_STATS', {
    domains: [domain],
    stats: STATS_BLOCK,
    flags: STATS_BACKING,
  });
  const sizes = new Map<string, BlockSizes>();
  const values = stats[0]?.parameters ?? {};
  const count = Number(values['block.count'] ?? 0);
  for (let i = 0; i < count; i++) {
    const disk = disks.find(({ target }) => target === values[`block.${i}.name`]);
    const index = values[`block.${i}.backingIndex`];
    const image =
      disk?.images.find((candidate) => String(candidate.index) === String(index)) ?? disk?.images[0];
    if (image === undefined) continue;
    sizes.set(imageKey(image.source), {
      virtualSize: numberOf(values[`block.${i}.capacity`]),
      // Of a file opened by QEMU `physical` is its length, holes included: an upper bound where `allocation` is 0.
      allocated: numberOf(values[`block.${i}.allocation`]) || numberOf(values[`block.${i}.physical`]),
    });
  }
  return sizes;
}

function numberOf(value: unknown): number | null {
  return typeof value === 'bigint' || typeof value === 'number' ? Number(value) : null;
}
