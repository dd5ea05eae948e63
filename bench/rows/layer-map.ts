import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countMarked } from '../../model/content/cluster-map.ts';
import { readClusterMap } from '../../server/hosts/content/qcow2-map.ts';
import { atMost } from '../measurement.ts';
import { median } from '../percentile.ts';
import type { Row } from '../row.ts';
import { makeTableImage } from '../table-image.ts';

const CLUSTER = 65536;
const VIRTUAL = 2 ** 40;
/** Every so many clusters one has data: 1 Mi extents on the disk. */
const EVERY = 16;
const EXTENTS = VIRTUAL / CLUSTER / EVERY;
const MIB = 2 ** 20;

/** What an image holds, read from its tables: 1 TiB with a million extents. */
export const layerMap: Row = {
  name: 'layer-map',
  async run(bench) {
    const folder = await mkdtemp(join(tmpdir(), 'backchain-bench-'));
    bench.stack.defer(() => rm(folder, { recursive: true }));
    const path = join(folder, 'large.qcow2');
    const allocated = new Uint32Array(EXTENTS).map((_, i) => i * EVERY);
    await makeTableImage(path, { virtualSize: VIRTUAL, allocated, backing: null });
    // From here on the peak counts anew (proc(5), clear_refs).
    await writeFile('/proc/self/clear_refs', '5');
    const before = await memory('VmRSS');
    const times: number[] = [];
    for (let round = 0; round < bench.rounds(20); round++) {
      const began = performance.now();
      const map = await readClusterMap(path);
      times.push(performance.now() - began);
      const extents = map === null ? 0 : countMarked(map.data);
      if (extents !== EXTENTS) throw new Error(`${extents} extents were read`);
    }
    const grown = ((await memory('VmHWM')) - before) / MIB;
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

/** Bytes. */
async function memory(name: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024;
}
