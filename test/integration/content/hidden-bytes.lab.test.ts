import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digest } from '../../../lab/content.ts';
import { inParallel } from '../../../lab/parallel.ts';
import { run } from '../../../lab/run.ts';
import type { ClusterMap } from '../../../model/content/cluster-map.ts';
import type { Image } from '../../../model/fleet/image.ts';
import { hiddenBytes } from '../../../model/plans/undo/hidden-bytes.ts';
import { readClusterMap } from '../../../server/hosts/content/qcow2-map.ts';
import { readRawMap } from '../../../server/hosts/content/raw-map.ts';
import { readLocalImage } from '../../../server/hosts/images/local-image.ts';
import { rewriteBacking } from '../../../server/hosts/images/qemu-img.ts';
import { makeRandomChain, randomFrom } from '../../support/random-chain.ts';
import { pull } from '../../support/storage-daemon.ts';

const CHAINS = 24;
const AT_ONCE = 2;
const KiB = 1024;

interface Outcome {
  readonly seed: number;
  readonly hidden: number | null;
  readonly same: boolean;
}

test('an image that hides all of its old backing images reads the same with and without them', async () => {
  const seeds = Array.from({ length: CHAINS }, (_, i) => i + 1);
  const outcomes = await inParallel(AT_ONCE, seeds, relinked);
  expect(outcomes.filter(({ hidden, same }) => hidden === 0 && !same)).toEqual([]);
  // Neither is the check idle, nor does it refuse what a pull leaves.
  expect(outcomes.filter(({ hidden }) => hidden === 0).length).toBeGreaterThan(CHAINS / 2);
  expect(outcomes.filter(({ same }) => !same).length).toBeGreaterThan(0);
}, 900_000);

/** Pulls a chain of all sorts, writes, discards and grows, and puts the old chain below again. */
async function relinked(seed: number): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'backchain-relink-'));
  try {
    const random = randomFrom(seed);
    const chain = await makeRandomChain(folder, random);
    const [active = '', below = ''] = chain.map(({ path }) => path);
    const end = random() < 0.5 ? chain.length : 2 + Math.floor(random() * (chain.length - 2));
    if (random() < 0.4) await asVersion2(active);
    await pull(active, chain[end]?.path ?? null);
    await writeSince(active, random);
    const before = await digest(active);
    const images = await Promise.all(chain.map(imageOf));
    const maps = new Map(await Promise.all(images.map(mapOf)));
    const [top, ...old] = images.slice(0, end);
    if (top === undefined) throw new Error('A chain has no image');
    const hidden = hiddenBytes(top, old, maps, end < chain.length);
    await rewriteBacking(active, below, chain[1]?.format ?? '');
    return { seed, hidden, same: (await digest(active)) === before };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Version 2 has no entry for zeros. An image with entries of that kind stays as it is. */
async function asVersion2(path: string): Promise<void> {
  await run('qemu-img', ['amend', '-f', 'qcow2', '-o', 'compat=0.10', path]).catch(() => '');
}

async function writeSince(path: string, random: () => number): Promise<void> {
  const { virtualSize } = await readLocalImage(path, 'qcow2');
  const kinds = ['discard', 'discard', 'write -z -u', 'write -P 3', 'write -z'];
  const words = Array.from({ length: Math.floor(random() * 6) }, () => {
    const offset = Math.floor((random() * (virtualSize ?? 0)) / (64 * KiB)) * 64 * KiB;
    const length = Math.min(Math.ceil(random() * 20) * 64 * KiB, (virtualSize ?? 0) - offset);
    return `${kinds[Math.floor(random() * kinds.length)]} ${offset} ${length}`;
  });
  const commands = words.flatMap((word) => ['-c', word]);
  if (words.length > 0) await run('qemu-io', ['-d', 'unmap', '-f', 'qcow2', ...commands, path]);
  if (random() < 0.2) await run('qemu-img', ['resize', '-q', '-f', 'qcow2', path, '+4M']);
}

async function imageOf({ path, format }: { path: string; format: string }): Promise<Image> {
  const source = { kind: 'file', path } as const;
  return { key: path, source, format, index: null, ...(await readLocalImage(path, format)) };
}

async function mapOf({ key, format, virtualSize }: Image): Promise<[string, ClusterMap]> {
  const map = await (format === 'raw' ? readRawMap(key, virtualSize ?? 0) : readClusterMap(key));
  if (map === null) throw new Error(`${key} has no map`);
  return [key, map];
}
