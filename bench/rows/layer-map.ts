import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countMarked } from '../../model/cluster-map.ts';
import { readClusterMap } from '../../server/hosts/qcow2-map.ts';
import { atMost } from '../measurement.ts';
import { median } from '../percentile.ts';
import type { Row } from '../row.ts';

const CLUSTER = 65536;
const PER_TABLE = CLUSTER / 8;
const VIRTUAL = 2 ** 40;
const TABLES = VIRTUAL / CLUSTER / PER_TABLE;
/** Every so many clusters one has data: 1 Mi extents on the disk. */
const EVERY = 16;
const MIB = 2 ** 20;

/** What an image holds, read from its tables: 1 TiB with a million extents. */
export const layerMap: Row = {
  name: 'layer-map',
  async run(bench) {
    const folder = await mkdtemp(join(tmpdir(), 'backchain-bench-'));
    bench.stack.defer(() => rm(folder, { recursive: true }));
    const path = join(folder, 'large.qcow2');
    await makeTables(path);
    const before = process.resourceUsage().maxRSS;
    const times: number[] = [];
    for (let round = 0; round < bench.rounds(20); round++) {
      const began = performance.now();
      const map = await readClusterMap(path);
      times.push(performance.now() - began);
      const extents = map === null ? 0 : countMarked(map.data);
      if (extents !== VIRTUAL / CLUSTER / EVERY) throw new Error(`${extents} extents were read`);
    }
    const grown = ((process.resourceUsage().maxRSS - before) * 1024) / MIB;
    const spread = `median of ${times.length}, worst ${Math.max(...times).toFixed(0)} ms, tables in the page cache`;
    return [
      atMost('Map of a layer: 1 TiB, 1 M extents', median(times), { unit: 'ms', goal: 1000 }, spread),
      atMost(
        'Memory for the map of a layer: 1 TiB, 1 M extents',
        grown,
        { unit: 'MB', goal: 100 },
        `more at the peak of ${times.length} readings than before them`,
      ),
    ];
  },
};

/** A qcow2 file of tables alone: where the data would stand there are holes, and nothing counts references. */
async function makeTables(path: string): Promise<void> {
  await using file = await open(path, 'wx');
  const header = Buffer.alloc(CLUSTER);
  header.writeUInt32BE(0x514649fb, 0);
  header.writeUInt32BE(3, 4);
  header.writeUInt32BE(Math.log2(CLUSTER), 20);
  header.writeBigUInt64BE(BigInt(VIRTUAL), 24);
  header.writeUInt32BE(TABLES, 36);
  header.writeBigUInt64BE(BigInt(CLUSTER), 40);
  header.writeUInt32BE(4, 96);
  header.writeUInt32BE(104, 100);
  await file.write(header, 0, CLUSTER, 0);
  const l1 = Buffer.alloc(CLUSTER);
  const table = Buffer.alloc(CLUSTER);
  for (let index = 0; index < TABLES; index++) {
    const offset = (2 + index) * CLUSTER;
    l1.writeBigUInt64BE(BigInt(offset) | COPIED, index * 8);
    for (let entry = 0; entry < PER_TABLE; entry += EVERY) {
      const data = (2 + TABLES + (index * PER_TABLE + entry) / EVERY) * CLUSTER;
      table.writeBigUInt64BE(BigInt(data) | COPIED, entry * 8);
    }
    await file.write(table, 0, CLUSTER, offset);
  }
  await file.write(l1, 0, CLUSTER, CLUSTER);
  await file.truncate((2 + TABLES + VIRTUAL / CLUSTER / EVERY) * CLUSTER);
}

/** The entry's cluster has one reference. */
const COPIED = 1n << 63n;
