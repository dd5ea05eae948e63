import { MiB } from '../../lab/image.ts';
import { isOver, type Progress } from '../../model/operation/operation.ts';
import { flattenTo } from '../../model/testing.ts';
import { openStream } from '../api.ts';
import { guestWith, ownDashboard } from '../dashboard.ts';
import { host, ownLab } from '../lab.ts';
import { atMost } from '../measurement.ts';
import { median } from '../percentile.ts';
import type { Row } from '../row.ts';

/** Bytes per second. */
const LIMIT = 12 * MiB;
const SIZE = 1024 * MiB;
/** Data in the first and in the last part of the disk, and little between: the job's own position says nothing about the time. */
const PIECES = [
  { offset: 0, length: 96 * MiB },
  { offset: 500 * MiB, length: 2 * MiB },
  { offset: 960 * MiB, length: 48 * MiB },
];

/** The time left that is shown during a throttled pull, against the time that it then really took. */
export const timeLeft: Row = {
  name: 'time-left',
  async run(bench) {
    const layers = [
      { file: 'base.qcow2', writes: [{ pattern: 1, offset: 100 * MiB, length: MiB }] },
      { file: 'middle.qcow2', writes: PIECES.map((piece) => ({ pattern: 2, ...piece })) },
      { file: 'active.qcow2' },
    ];
    const guests = Array.from({ length: bench.rounds(3) }, (_, i) => ({
      name: `guest-${i}`,
      disks: [{ size: SIZE, layers: layers.map((layer) => ({ ...layer, file: `${i}-${layer.file}` })) }],
    }));
    const alpha = host(await ownLab(bench, guests));
    const { api, session } = await ownDashboard(bench, alpha.uri);
    const errors: number[] = [];
    const naive: number[] = [];
    for (const { name } of guests) {
      const { hostId, uuid, disks } = await guestWith(api, name, 3);
      const guest = { hostId, uuid };
      const intent = flattenTo(disks[0]?.chain?.images[2]?.key ?? null);
      const { fingerprint } = await api.plans.preview.query({ guest, intent });
      const events = await openStream(session);
      const { id } = await api.operations.start.mutate({ guest, intent, fingerprint, bandwidth: LIMIT });
      const seen: Progress[] = [];
      for await (const event of events) {
        if (event.kind === 'progress' && event.progress.operationId === id) seen.push(event.progress);
        if (event.kind !== 'operation' || event.operation.id !== id || !isOver(event.operation)) continue;
        const { state, startedAt, endedAt } = event.operation;
        if (state !== 'succeeded' || startedAt === null || endedAt === null)
          throw new Error(`It ended ${state}`);
        const took = endedAt - startedAt;
        for (const { at, position, size, work } of seen) {
          if (work?.left === null || work?.left === undefined) continue;
          errors.push(Math.abs(at + work.left - endedAt) / took);
          const share = position / size;
          if (share > 0) naive.push(Math.abs(startedAt + (at - startedAt) / share - endedAt) / took);
        }
        break;
      }
    }
    const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
    return [
      atMost(
        'Time left of a pull, error by its duration, median',
        100 * median(errors),
        { unit: '%', goal: 5 },
        `of ${errors.length} samples, worst ${percent(Math.max(...errors))}; by the job’s own position the median is ${percent(median(naive))}`,
      ),
    ];
  },
};
