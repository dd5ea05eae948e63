import { emptyMap, markRange } from '../../model/content/cluster-map.ts';
import { type Layer, overlapOf } from '../../model/content/layer-overlap.ts';
import { strategiesTo } from '../../model/plans/shorten/cheapest.ts';
import { GIB, imageAt, QCOW2 } from '../../model/testing.ts';
import { atMost } from '../measurement.ts';
import { median } from '../percentile.ts';
import type { Row } from '../row.ts';

const LAYERS = 30;
const SIZE = 200 * GIB;
const CLUSTER = 65536;
const WARM_UP = 5;
const NOTHING = new Set<string>();

/** From maps in memory to the cheapest strategy: a base of 100 GiB under 29 daily increments of 2 to 6 GiB. */
export const cheapestPlan: Row = {
  name: 'cheapest-plan',
  async run(bench) {
    const random = numbers();
    const layers = Array.from({ length: LAYERS }, (_, level) => layerOf(level, random));
    const traits = { ...QCOW2, clusterSize: CLUSTER };
    const images = layers.map((_, level) => imageAt(`/${level}`, { virtualSize: SIZE, traits })).toReversed();
    const protection = { shared: NOTHING, pinned: NOTHING, unpullable: NOTHING };
    const times: number[] = [];
    let saved = '';
    for (let round = -WARM_UP; round < bench.rounds(50); round++) {
      const began = performance.now();
      const strategies = strategiesTo(
        { kind: 'at-most', images: 1 },
        { images },
        overlapOf(layers, true),
        protection,
      );
      times.push(performance.now() - began);
      const [pull, cheapest] = [strategies.pull?.bytes ?? 0, strategies.cheapest?.bytes ?? 0];
      saved = `${(cheapest / GIB).toFixed(1)} GiB instead of ${(pull / GIB).toFixed(1)} by a plain pull`;
    }
    const warm = times.slice(WARM_UP);
    return [
      atMost(
        'The cheapest strategy for 30 layers of 200 GiB, maps in memory',
        median(warm),
        { unit: 'ms', goal: 300 },
        `median of ${warm.length}, worst ${Math.max(...warm).toFixed(0)} ms; ${saved}`,
      ),
    ];
  },
};

function layerOf(level: number, random: () => number): Layer {
  const map = emptyMap(SIZE, CLUSTER);
  const clusters = SIZE / CLUSTER;
  if (level === 0) markRange(map.data, 0, clusters / 2);
  else {
    // Extents of 64 KiB to 4 MiB all over the disk.
    for (let written = 0, most = clusters * (0.01 + 0.02 * random()); written < most; ) {
      const length = 1 + Math.floor(random() * 64);
      const first = Math.floor(random() * (clusters - length));
      markRange(map.data, first, first + length);
      written += length;
    }
  }
  return { map, virtualSize: SIZE };
}

/** From 0 to 1, the same in every run. */
function numbers(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 2 ** 24;
  };
}
