import { expect, test } from 'vitest';
import { capabilitiesOf } from '../fleet/capabilities.ts';
import type { Chain } from '../fleet/chain.ts';
import { predictCommit } from './commit-prediction.ts';
import { predictActiveCommit, predictCopy } from './mirror-prediction.ts';
import type { Prediction, PredictionFacts } from './prediction.ts';
import { predictPull } from './pull-prediction.ts';
import { type Contents, rigOf } from './testing.ts';
import { zeroRules } from './zero-rules.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const SIZE = 256 * MIB;
const PER_MIB = 16;

const mib = (first: number, count: number) =>
  Array.from({ length: count * PER_MIB }, (_, i) => first * PER_MIB + i);

/** As measured: 64 MiB of data in the base, 32 MiB zeroed and 8 MiB new in the middle, 4 MiB new on top. */
const MIDDLE: Contents = { data: mib(64, 8), zeros: mib(0, 32) };
const TOP: Contents = { data: mib(72, 4) };
const BASE: Contents = { data: mib(0, 64) };
const blocksOf = ({ data = [] }: Contents) =>
  data.flatMap((at) => Array.from({ length: 16 }, (_, i) => at * 16 + i));
const RAW: Contents = { data: blocksOf(BASE), raw: true };

type Job = (chain: Chain, facts: PredictionFacts) => Prediction | null;

const commit: Job = (chain, facts) => predictCommit(chain, 1, 2, facts);
const activeCommit: Job = (chain, facts) => predictActiveCommit(chain, 2, facts);
const pull: Job = (chain, facts) => predictPull(chain, 3, facts);

/** KiB: least, likely, most. */
function predicted(
  job: Job,
  base: Contents,
  qemuVersion: string | null,
  discards: boolean | null,
  size = SIZE,
) {
  const { chain, facts } = rigOf(size, [TOP, MIDDLE, base]);
  const zeros = zeroRules(capabilitiesOf({ libvirtVersion: null, qemuVersion }), discards);
  const found = job(chain, { ...facts, zeros });
  return found && [found.least, found.likely, found.most].map((bytes) => bytes / KIB);
}

// What was measured: KiB that the image which is written took on ext4 before and after.
test.each([
  ['7.2.22', true, 65_800, 73_992],
  ['7.2.22', false, 65_800, 73_992],
  ['10.0.13', true, 65_800, 41_224],
  ['10.0.13', false, 65_800, 73_992],
  ['11.1.3', true, 65_800, 41_224],
  ['11.1.3', false, 65_800, 73_992],
])('QEMU %s: a commit into data, discard %s', (version, discards, before, after) => {
  const [least, likely, most] = predicted(commit, BASE, version, discards) ?? [];
  expect(likely).toBe(Math.max(0, after - before));
  expect(least).toBe(likely);
  // New clusters are written before zeros give room back.
  expect(most).toBe(8192);
});

test.each([
  ['7.2.22', 196, 41_224],
  ['10.0.13', 196, 8452],
  ['11.1.3', 196, 8452],
])('QEMU %s: a commit of zeros over nothing', (version, before, after) => {
  const [least, likely, most] = predicted(commit, {}, version, true) ?? [];
  expect([least, most]).toEqual([likely, likely]);
  expect(Math.abs((likely ?? 0) - (after - before))).toBeLessThanOrEqual(4);
});

test.each([
  ['7.2.22', true, 73_728],
  ['7.2.22', false, 73_728],
  ['10.0.13', true, 40_960],
  ['10.0.13', false, 73_732],
  ['11.1.3', true, 40_960],
  ['11.1.3', false, 73_732],
])('QEMU %s: a commit into a raw image, discard %s', (version, discards, after) => {
  const [, likely] = predicted(commit, RAW, version, discards) ?? [];
  expect(Math.abs((likely ?? 0) - Math.max(0, after - 65_536))).toBeLessThanOrEqual(4);
});

test.each([
  ['7.2.22', true, 45_316],
  ['10.0.13', true, 45_316],
  ['10.0.13', false, 78_084],
  ['11.1.3', true, 45_316],
  ['11.1.3', false, 78_084],
])('QEMU %s: an active commit, discard %s', (version, discards, after) => {
  const [, likely, most] = predicted(activeCommit, BASE, version, discards) ?? [];
  expect(Math.abs((likely ?? 0) - Math.max(0, after - 65_800))).toBeLessThanOrEqual(4);
  expect(most).toBe(12_288);
});

test('QEMU 7.2.22: an active commit without discard reuses as much of what zeros replaced as is there in time', () => {
  // It took 65 800 KiB before and afterwards.
  const [least, , most] = predicted(activeCommit, BASE, '7.2.22', false) ?? [];
  expect([least, most]).toEqual([0, 12_288]);
});

test('a pull is the same everywhere', () => {
  const all = ['7.2.22', '10.0.13', '11.1.3', null].map((version) => predicted(pull, BASE, version, null));
  expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(1);
});

test.each([
  ['7.2.22', 8],
  ['10.0.13', 8],
  ['11.1.3', 1],
])('QEMU %s: a copy of a disk with little data has %i tables', (version, tables) => {
  // A table describes 512 MiB.
  const copy: Job = (chain, facts) => predictCopy(chain, 'qcow2', facts);
  const [least, likely, most] = predicted(copy, BASE, version, true, 4096 * MIB) ?? [];
  expect([least, most]).toEqual([likely, likely]);
  expect(likely).toBe(45_056 + tables * 64 + 3 * 64 + 4);
});

test.each([
  ['7.2.22', 2],
  ['10.0.13', 2],
  ['11.1.3', 1],
])('QEMU %s: an active commit into an empty image has %i tables', (version, tables) => {
  const far = { data: [], zeros: mib(1024, 32) };
  const { chain, facts } = rigOf(4096 * MIB, [TOP, far, {}]);
  const zeros = zeroRules(capabilitiesOf({ libvirtVersion: null, qemuVersion: version }), true);
  expect(predictActiveCommit(chain, 2, { ...facts, zeros })?.likely).toBe((4096 + tables * 64) * KIB);
});

test.each([
  ['7.2.22', true, 1],
  ['7.2.22', false, 51],
  ['10.0.13', true, 1],
  ['10.0.13', false, 51],
  ['11.1.3', true, 1],
  ['11.1.3', false, 1],
])(
  'regression: QEMU %s, discard %s: a hole that ends in the middle of a cluster of the copy takes %i clusters with it',
  (version, discards, clusters) => {
    const double = 128 * KIB;
    const { chain, facts } = rigOf(64 * MIB, [{ clusterSize: double }, { data: [101] }]);
    const zeros = zeroRules(capabilitiesOf({ libvirtVersion: null, qemuVersion: version }), discards);
    const found = predictCopy(chain, 'qcow2', { ...facts, zeros });
    const tables = 4 * double + 4 * KIB;
    expect(found?.likely).toBe(tables + clusters * double);
    expect(found?.least).toBe(tables + double);
  },
);

test('on a host of unknown QEMU the range covers every generation', () => {
  for (const [job, base] of [
    [commit, BASE],
    [commit, {}],
    [commit, RAW],
    [activeCommit, BASE],
  ] as const) {
    const [least, , most] = predicted(job, base, null, null) ?? [];
    for (const version of ['7.2.22', '10.0.13', '11.1.3']) {
      for (const discards of [true, false]) {
        const one = predicted(job, base, version, discards) ?? [];
        expect(least).toBeLessThanOrEqual(Math.min(...one));
        expect(most).toBeGreaterThanOrEqual(Math.max(...one));
      }
    }
  }
});
