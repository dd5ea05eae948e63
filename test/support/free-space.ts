import { rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { MiB } from '../../lab/image.ts';
import { type LabGuest, tinyOf } from '../../lab/lab.ts';
import { until } from '../../lab/process.ts';
import { run } from '../../lab/run.ts';
import type { Intent } from '../../model/kinds/kinds.ts';
import type { JournalEvent } from '../../model/operation/operation.ts';
import type { OnFull } from '../../model/operation/pause.ts';
import { guestOf } from '../../model/plans/plan.ts';
import { flattenTo } from '../../model/testing.ts';
import { CHUNK, MIRROR_BUFFER } from '../../server/operations/steps/block-job.ts';
import { type Dashboard, openDashboard } from './dashboard.ts';
import { alpha, folder, guestFor, lab } from './rig.ts';

/** Where the work writes, and what it has to do there. */
export interface Ground {
  readonly fileSystem: string;
  /** Bytes that are to be moved. */
  readonly length: number;
  /** Bytes per second at which that lasts as long as a test needs it. */
  readonly pace: number;
  /** Bytes that somebody leaves free: more than is written until the work stops, less than is still to be written. */
  readonly left: number;
  /** Bytes that QEMU may still write after it was slowed down, however slow the disk is. */
  readonly inHand: number;
}

export const tiny = tinyOf(lab);
export const TINY: Ground = {
  fileSystem: tiny,
  length: 18 * MiB,
  pace: 2 * MiB,
  left: 6 * MiB,
  inHand: CHUNK,
};
/** A mirror writes up to 16 MiB after it was slowed down, so it needs more of everything to be seen to stop. */
export const LARGE: Ground = {
  fileSystem: lab.folders.second ?? '',
  length: 96 * MiB,
  pace: 4 * MiB,
  left: 200 * MiB,
  inHand: MIRROR_BUFFER,
};

export async function freeAt(fileSystem: string): Promise<number> {
  const { bavail, bsize } = await statfs(fileSystem);
  return bavail * bsize;
}

/** Somebody else's file that leaves so many bytes. Answers how to remove it. */
export async function fill({ fileSystem, left }: Ground): Promise<() => Promise<void>> {
  const path = join(fileSystem, 'somebody-elses.bin');
  const remove = () => rm(path, { force: true });
  onTestFinished(remove);
  await run('fallocate', ['--length', String((await freeAt(fileSystem)) - left), path]);
  return remove;
}

/** A guest with data to be moved into an image at that place, by each kind of work. */
export function guestOn(
  name: string,
  on: 'active' | 'base' | 'none',
  { fileSystem, length }: Ground,
): Promise<LabGuest> {
  const file = (layer: number, there: boolean) =>
    there ? join(fileSystem, `${name}-${layer}.qcow2`) : `${name}-${layer}.qcow2`;
  const layers = [
    { file: file(0, on === 'base'), writes: [{ pattern: 1, offset: 0, length: MiB }] },
    { file: file(1, false), writes: [{ pattern: 2, offset: 2 * MiB, length }] },
    { file: file(2, on === 'active'), writes: [{ pattern: 3, offset: 100 * MiB, length: MiB }] },
  ];
  return guestFor({ name, disks: [{ layers, size: 128 * MiB }] });
}

/** @param reserve bytes that are to stay free */
export async function opened(
  reserve?: number,
): Promise<{ parts: Dashboard; again: () => Promise<Dashboard> }> {
  const { path } = await folder();
  const again = async () => {
    const kept = reserve === undefined ? {} : { reserve: { share: 1, most: reserve } };
    const parts = await openDashboard({ uris: [alpha.uri], database: join(path, 'db.sqlite'), ...kept });
    onTestFinished(parts.stop);
    return parts;
  };
  return { parts: await again(), again };
}

export async function eventsOf({ store }: Dashboard, id: string): Promise<readonly JournalEvent[]> {
  return (await store.journal.entries(id)).map(({ event }) => event);
}

export const paused = (parts: Dashboard, id: string) =>
  until('the pause', async () => Boolean((await parts.operation(id)).paused));

/** Work that is paused for space writes nothing more from one check to the next, and QEMU keeps to the least speed. */
export async function standsStill(parts: Dashboard, id: string, { inHand }: Ground = TINY): Promise<void> {
  const newest = () => parts.progress.findLast(({ operationId }) => operationId === id);
  // What QEMU had in hand comes down first.
  const settled = async () => {
    const last = parts.progress.filter(({ operationId }) => operationId === id).slice(-3);
    return last.length === 3 && last.every(({ grownBy }) => grownBy === last[0]?.grownBy);
  };
  await until('it to stand still', settled);
  const before = newest()?.grownBy;
  const seen = parts.progress.length;
  await until('more samples', async () => parts.progress.length >= seen + 8);
  expect((newest()?.grownBy ?? 0) - (before ?? 0)).toBeLessThanOrEqual(inHand);
}

/** An operation, and where it writes. */
export interface Work {
  readonly ground: Ground;
  readonly intent: (guest: LabGuest) => Intent;
}

export const imageOf = (guest: LabGuest, at: number) => guest.disks[0]?.images[at] ?? '';
export const moved = (guest: LabGuest, { fileSystem }: Ground) =>
  join(fileSystem, `${guest.name}-moved.qcow2`);

/** The code depends on whether the measurement comes while somebody still fills the file system. */
export const RAN_OUT = expect.stringMatching(/^SPACE_(RAN_OUT|TAKEN_BY_OTHERS)$/);

export const PULL: Work = { ground: TINY, intent: () => flattenTo(null) };

export async function started(
  parts: Dashboard,
  guest: LabGuest,
  { intent: wanted, ground }: Work,
  onFull: OnFull,
) {
  const intent = wanted(guest);
  const plan = await parts.preview(guest, intent);
  const { fingerprint, refusals } = plan;
  expect(refusals).toEqual([]);
  const { id } = await parts.engine.start({
    guest: guestOf(plan),
    intent,
    fingerprint,
    bandwidth: ground.pace,
    onFull,
    actor: 'tester',
  });
  await parts.sampled(id);
  return id;
}
