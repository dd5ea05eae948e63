import { expect, test, vi } from 'vitest';
import { workOf } from '../../model/cost/eta.ts';
import { WorkMeter } from './work-meter.ts';

const CLUSTER = 65_536;
const copied = workOf(Uint32Array.of(0b0011), CLUSTER);
const limited = workOf(Uint32Array.of(0b1111), CLUSTER);
const sample = (clusters: number, bandwidth = 0) => ({
  position: clusters * CLUSTER,
  size: 32 * CLUSTER,
  allocated: null,
  bandwidth,
});

test('a speed limit counts other bytes, and the pace begins anew with them', async () => {
  const meter = new WorkMeter({ work: async () => ({ ...copied, limited }) }, 1000);
  await meter.done(sample(0), 0, false);
  expect(await meter.done(sample(1), 4000, false)).toMatchObject({
    done: CLUSTER,
    total: 2 * CLUSTER,
    left: 4000,
    withZeros: false,
  });
  expect(await meter.done(sample(1, 9), 4500, false)).toMatchObject({
    total: 4 * CLUSTER,
    left: null,
    withZeros: true,
  });
  expect(await meter.done(sample(2, 9), 8500, false)).toMatchObject({ done: 2 * CLUSTER, left: 8000 });
});

test('work that is paused has no pace, and begins a new one when it is resumed', async () => {
  const meter = new WorkMeter({ work: async () => copied }, 1000);
  await meter.done(sample(0), 0, false);
  expect(await meter.done(sample(1), 4000, true)).toMatchObject({ done: CLUSTER, rate: null, left: null });
  expect(await meter.done(sample(1), 8000, false)).toMatchObject({ left: null });
});

test('a sample does not wait for an answer that takes long, and the question is asked once', async () => {
  const { promise, resolve } = Promise.withResolvers<typeof copied>();
  const work = vi.fn(() => promise);
  const meter = new WorkMeter({ work }, 0);
  expect(await meter.done(sample(1), 0, false)).toBeNull();
  resolve(copied);
  expect(await meter.done(sample(1), 500, false)).toMatchObject({ done: CLUSTER });
  expect(await meter.done(sample(2), 900, false)).toMatchObject({ done: 2 * CLUSTER });
  expect(work).toHaveBeenCalledTimes(1);
});

test('a question that failed is reported, and asked again', async () => {
  const work = vi.fn(async () => copied).mockRejectedValueOnce(new Error('gone'));
  const meter = new WorkMeter({ work }, 1000);
  await expect(meter.done(sample(1), 0, false)).rejects.toThrow('gone');
  expect(await meter.done(sample(1), 500, false)).toMatchObject({ done: CLUSTER });
});

test('work that counts itself is not asked for', async () => {
  const meter = new WorkMeter({ countsWork: true }, 1000);
  expect(await meter.done(sample(8), 0, false)).toMatchObject({ done: 8 * CLUSTER, total: 32 * CLUSTER });
  expect(await new WorkMeter({}, 1000).done(sample(8), 0, false)).toBeNull();
});
