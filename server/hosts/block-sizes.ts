import { type Connection, type DomainRef, DomainStats, DomainStatsFlag } from '../libvirt/index.ts';

/** Sizes of one image as QEMU has them. Bytes. */
export interface BlockSizes {
  readonly virtualSize: number | null;
  readonly allocated: number | null;
}

/** What a running guest's QEMU says of the images of its chains, by target and libvirt's index: `vda[3]`. */
export async function blockSizes(
  connection: Connection,
  domain: DomainRef,
): Promise<ReadonlyMap<string, BlockSizes>> {
  const stats = await connection.call('CONNECT_GET_ALL_DOMAIN_STATS', {
    domains: [domain],
    stats: DomainStats.BLOCK,
    flags: DomainStatsFlag.BACKING,
  });
  const values = stats[0]?.parameters ?? {};
  const sizes = new Map<string, BlockSizes>();
  for (let i = 0; i < Number(values['block.count'] ?? 0); i++) {
    sizes.set(`${values[`block.${i}.name`]}[${values[`block.${i}.backingIndex`]}]`, {
      virtualSize: numberOf(values[`block.${i}.capacity`]),
      // 0 until QEMU itself wrote into the image. `physical` is a file's length, holes included.
      allocated: numberOf(values[`block.${i}.allocation`]) || numberOf(values[`block.${i}.physical`]),
    });
  }
  return sizes;
}

function numberOf(value: unknown): number | null {
  return typeof value === 'bigint' || typeof value === 'number' ? Number(value) : null;
}
