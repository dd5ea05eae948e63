import { MiB } from '../../lab/image.ts';
import { flattenTo } from '../../model/testing.ts';
import { guestWith, ownDashboard } from '../dashboard.ts';
import { host, ownLab } from '../lab.ts';
import { atMost } from '../measurement.ts';
import { median } from '../percentile.ts';
import type { Row } from '../row.ts';

const LAYERS = 30;
const GIB = 2 ** 30;
const SIZE = 200 * GIB;
/** Writes of each image, all over the disk, so that each one has a table of its own to be read. */
const WRITES = 100;

/** From the request for a plan to its answer, on a chain of 30 images of 200 GiB, as the panel asks for it. */
export const planTime: Row = {
  name: 'plan-time',
  async run(bench) {
    const layers = Array.from({ length: LAYERS }, (_, level) => ({
      file: `${level}.qcow2`,
      writes: Array.from({ length: WRITES }, (__, i) => ({
        pattern: 1 + level,
        offset: i * 2 * GIB + level * MiB,
        length: MiB / 4,
      })),
    }));
    const alpha = host(await ownLab(bench, [{ name: 'deep', disks: [{ size: SIZE, layers }] }]));
    const { api } = await ownDashboard(bench, alpha.uri);
    const { hostId, uuid } = await guestWith(api, 'deep', LAYERS);
    const guest = { hostId, uuid };
    const intent = flattenTo(null);
    const disk = { ...guest, target: 'vda' };
    const wanted = { kind: 'at-most' as const, images: 1 };
    const time = async (ask: () => Promise<unknown>) => {
      const began = performance.now();
      await ask();
      return performance.now() - began;
    };
    const asks = [
      {
        what: 'A plan on 30 images of 200 GiB, warm, median',
        ask: () => api.plans.preview.query({ guest, intent }),
      },
      {
        what: 'All ways beside each other, the same chain, median',
        ask: () => api.plans.ways.query({ disk, wanted, pinned: [] }),
      },
    ];
    const measured = [];
    for (const { what, ask } of asks) {
      const cold = await time(ask);
      const times: number[] = [];
      for (let round = 0; round < bench.rounds(20); round++) times.push(await time(ask));
      const detail = `of ${times.length}, worst ${Math.max(...times).toFixed(0)} ms; the first one ${cold.toFixed(0)} ms`;
      measured.push(atMost(what, median(times), { unit: 'ms', goal: 300 }, detail));
    }
    return measured;
  },
};
