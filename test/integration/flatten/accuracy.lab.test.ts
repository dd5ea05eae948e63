import { rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { digest } from '../../../lab/content.ts';
import { createGuest, destroyGuest } from '../../../lab/guest.ts';
import { handOver } from '../../../lab/namespace.ts';
import { inParallel } from '../../../lab/parallel.ts';
import { run } from '../../../lab/run.ts';
import { virsh } from '../../../lab/virsh.ts';
import { predictCommit } from '../../../model/cost/commit-prediction.ts';
import { predictActiveCommit, predictCopy } from '../../../model/cost/mirror-prediction.ts';
import { EXTENT_TREE, type Prediction, type PredictionFacts } from '../../../model/cost/prediction.ts';
import { predictPull } from '../../../model/cost/pull-prediction.ts';
import { zeroRules } from '../../../model/cost/zero-rules.ts';
import { type Capabilities, capabilitiesOf } from '../../../model/fleet/capabilities.ts';
import type { Chain } from '../../../model/fleet/chain.ts';
import { readTargetLayout } from '../../../server/hosts/content/qcow2-layout.ts';
import { readClusterMap } from '../../../server/hosts/content/qcow2-map.ts';
import { readRawMap } from '../../../server/hosts/content/raw-map.ts';
import { readLocalImage } from '../../../server/hosts/images/local-image.ts';
import { type MadeImage, makeLayeredChain, type Sort } from '../../support/layered-chain.ts';
import { randomFrom } from '../../support/random-chain.ts';
import { alpha, lab } from '../../support/rig.ts';

/** Guests of each sort, with a disk for each kind of job: 48 chains. */
const ROUNDS = 4;
const AT_ONCE = 2;

/** Every other guest's disks give the room of zeros back to the file system. */
const discards = (seed: number) => seed % 2 === 1;

const SORTS = ['uniform', 'mixed', 'everything'] as const;
const KINDS = ['pull', 'commit', 'active-commit', 'copy'] as const;

interface Outcome {
  readonly name: string;
  readonly sort: Sort;
  readonly clusterSize: number;
  readonly predicted: Prediction;
  readonly actual: number;
}

test('what an image grows by is what its plan says, and nothing that is read changes', async () => {
  const guests = SORTS.flatMap((sort) => Array.from({ length: ROUNDS }, (_, i) => ({ sort, seed: i + 1 })));
  const outcomes = (await inParallel(AT_ONCE, guests, ({ sort, seed }) => tried(sort, seed))).flat();
  const misses = outcomes.filter(({ predicted: { likely }, actual }) => !isNear(likely, actual));
  expect.soft(outcomes.filter(({ sort }) => sort === 'uniform').filter((one) => !isExact(one))).toEqual([]);
  expect.soft(outcomes.filter((one) => !isInside(one))).toEqual([]);
  expect.soft(misses.length, JSON.stringify(misses)).toBeLessThanOrEqual(0.05 * outcomes.length);
  expect(outcomes).toHaveLength(guests.length * KINDS.length);
}, 900_000);

function isExact({ predicted: { least, likely, most }, actual, clusterSize }: Outcome): boolean {
  return least === most && Math.abs(likely - actual) < Math.max(clusterSize, 2 * EXTENT_TREE);
}

function isInside({ predicted: { least, most }, actual }: Outcome): boolean {
  return actual >= least - EXTENT_TREE && actual <= most + EXTENT_TREE;
}

function isNear(likely: number, actual: number): boolean {
  return Math.abs(likely - actual) <= Math.max(0.03 * actual, EXTENT_TREE);
}

/** Makes a guest with a disk for each kind of job, predicts, has libvirt do one after the other, and measures. */
async function tried(sort: Sort, seed: number): Promise<readonly Outcome[]> {
  const name = `true-${sort}-${seed}`;
  const disks = KINDS.map((kind, i) => {
    const random = randomFrom(seed * 16 + SORTS.indexOf(sort) * 4 + KINDS.indexOf(kind));
    const target = `vd${'abcd'.charAt(i)}`;
    return { kind, target, random, copy: join(alpha.images, `${name}-${target}-copy.qcow2`) };
  });
  const files = disks.map(({ copy }) => copy);
  const zeros = zeroRules(await capabilities(), discards(seed));
  try {
    const chains = await Promise.all(
      disks.map(({ target, random }) => makeLayeredChain(alpha.images, `${name}-${target}`, sort, random)),
    );
    files.push(...chains.flat().map(({ path }) => path));
    for (const { path } of chains.flat()) await handOver(lab.namespace, path);
    const guest = await createGuest(lab, {
      name,
      disks: chains.map((made, i) => ({
        target: disks[i]?.target ?? '',
        discards: discards(seed),
        layers: made.toReversed().map(({ path, format }) => ({ file: path, format, existing: true })),
      })),
    });
    try {
      const outcomes: (() => Promise<Outcome>)[] = [];
      // Never two at once: docs/adr/0020-one-guest-one-job.md.
      for (const [i, disk] of disks.entries())
        outcomes.push(await done(guest.uuid, sort, disk, chains[i] ?? [], zeros));
      await virsh(alpha, 'destroy', guest.uuid);
      return await Promise.all(outcomes.map((read) => read()));
    } finally {
      await destroyGuest(lab, guest);
    }
  } finally {
    await Promise.all(files.map((path) => rm(path, { force: true })));
  }
}

/** Has libvirt do the job; the function that it returns reads the outcome when the guest is gone. */
async function done(
  uuid: string,
  sort: Sort,
  { kind, target: disk, random, copy }: { kind: Kind; target: string; random: () => number; copy: string },
  made: readonly MadeImage[],
  zeros: PredictionFacts['zeros'],
): Promise<() => Promise<Outcome>> {
  const { chain, ...read } = await lookedAt(made);
  const facts = { ...read, guestRuns: true, zeros };
  const { command, how, predicted, target, active } = jobOf(kind, chain, facts, copy, random);
  const name = `${basename(made[0]?.path ?? '')}, ${kind}: ${how.join(' ')}`;
  if (predicted === null) throw new Error(`${name}: nothing is predicted`);
  const content = await digest(made[0]?.path ?? '');
  const before = target === copy ? 0 : await allocatedBy(target);
  await virsh(alpha, command, uuid, disk, ...how, '--wait');
  return async () => {
    expect(await digest(active), name).toBe(content);
    const actual = Math.max(0, (await allocatedBy(target)) - before);
    return { name, sort, clusterSize: facts.layouts.get(target)?.clusterSize ?? 0, predicted, actual };
  };
}

type Kind = (typeof KINDS)[number];

interface Job {
  readonly command: string;
  readonly how: readonly string[];
  readonly predicted: Prediction | null;
  /** Path of the image that is written, and of the active one afterwards. */
  readonly target: string;
  readonly active: string;
}

function jobOf(kind: Kind, chain: Chain, facts: PredictionFacts, copy: string, random: () => number): Job {
  const { length } = chain.images;
  const between = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
  const key = (position: number) => chain.images[position]?.key ?? '';
  switch (kind) {
    case 'pull': {
      const toward = between(2, length);
      const how = toward === length ? [] : ['--base', key(toward)];
      const predicted = predictPull(chain, toward, facts);
      return { command: 'blockpull', how, predicted, target: key(0), active: key(0) };
    }
    case 'commit': {
      const base = between(2, length - 1);
      const top = between(1, base - 1);
      const how = ['--top', key(top), '--base', key(base)];
      const predicted = predictCommit(chain, top, base, facts);
      return { command: 'blockcommit', how, predicted, target: key(base), active: key(0) };
    }
    case 'active-commit': {
      const base = between(1, length - 1);
      const how = ['--active', '--base', key(base), '--pivot'];
      const predicted = predictActiveCommit(chain, base, facts);
      return { command: 'blockcommit', how, predicted, target: key(base), active: key(base) };
    }
    case 'copy': {
      const how = ['--dest', copy, '--format', 'qcow2', '--transient-job', '--pivot'];
      const predicted = predictCopy(chain, 'qcow2', facts);
      return { command: 'blockcopy', how, predicted, target: copy, active: copy };
    }
  }
}

async function lookedAt(
  made: readonly MadeImage[],
): Promise<{ chain: Chain } & Pick<PredictionFacts, 'maps' | 'layouts'>> {
  const inspected = await Promise.all(
    made.map(async ({ path, format }) => {
      const image = {
        key: path,
        source: { kind: 'file', path } as const,
        format,
        index: null,
        ...(await readLocalImage(path, format)),
      };
      const map =
        format === 'raw' ? await readRawMap(path, image.virtualSize ?? 0) : await readClusterMap(path);
      return { image, map, layout: format === 'raw' ? null : await readTargetLayout(path) };
    }),
  );
  const maps = new Map(
    inspected.flatMap(({ image, map }) => (map === null ? [] : [[image.key, map] as const])),
  );
  const layouts = new Map(
    inspected.flatMap(({ image, layout }) => (layout === null ? [] : [[image.key, layout] as const])),
  );
  return { chain: { images: inspected.map(({ image }) => image) }, maps, layouts };
}

/** What this machine's QEMU can do. */
async function capabilities(): Promise<Capabilities> {
  const [qemuVersion = null] = /\d+\.\d+\.\d+/.exec(await run(lab.emulator, ['--version'])) ?? [];
  return capabilitiesOf({ libvirtVersion: null, qemuVersion });
}

async function allocatedBy(path: string): Promise<number> {
  return (await stat(path)).blocks * 512;
}
