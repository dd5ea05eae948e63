import { folderOf } from '../fleet/destination.ts';
import { type Leftover, type LeftoverReport, overlaysFirst } from '../fleet/leftover.ts';
import { type Problem, problem } from '../problem.ts';
import { keepsBitmaps } from './bitmaps.ts';
import { virshCommand } from './command.ts';
import type { IntentKind, StepKind } from './kind.ts';
import type { PlanOf } from './plan.ts';
import { NO_COST } from './plan.ts';
import type { AnyStep } from './step.ts';
import { transientPool } from './transient-pool.ts';

/** Delete image files that nothing refers to. */
export interface DeleteIntent {
  readonly kind: 'delete';
  /** Absolute paths. */
  readonly files: readonly string[];
}

export const deleteIntentKind: IntentKind<DeleteIntent> = {
  text: (_, { files }) => ({ image: fileName(files[0] ?? ''), count: files.length }),
};

/** Deletes an image file that nothing refers to, through a storage pool. */
export interface DeleteStep extends AnyStep {
  readonly kind: 'delete';
  readonly file: string;
  /** Which file the plan was made for, and its last change. */
  readonly identity: string;
  readonly stamp: string;
  /** The pool that the file is in; empty for a file that is in none, so that a transient pool is made for the deletion. */
  readonly pool: string;
  /** Bytes that its file system gets back; `null` if unknown. */
  readonly allocated: number | null;
}

export const deleteStepKind: StepKind<DeleteStep> = {
  work: 'final',
  bitmaps: keepsBitmaps,
  /** libvirt deletes files through pools only. */
  command(plan, step) {
    const { file, pool } = step;
    const virsh = (...args: string[]) => virshCommand(plan, step, args);
    if (pool !== '') return [virsh('vol-delete', '--pool', pool, fileName(file))];
    const made = transientPool(file);
    return [
      virsh('pool-create-as', made, 'dir', '--target', folderOf(file)),
      virsh('vol-delete', '--pool', made, fileName(file)),
      virsh('pool-destroy', made),
    ];
  },
  text: (_, { file, pool }) => ({ file, pool: pool || 'none' }),
  files: ({ file }) => [file],
};

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The plan that deletes leftovers of a host, a step for each, the overlays first. */
export function planDelete(
  intent: DeleteIntent,
  report: LeftoverReport,
  uri: string,
): PlanOf<DeleteIntent, DeleteStep> {
  const { hostId } = report;
  const paths = [...new Set(intent.files)];
  const files = overlaysFirst(report.leftovers.filter(({ path }) => paths.includes(path)));
  return {
    hostId,
    guest: null,
    guestName: null,
    uris: { [hostId]: uri },
    intent,
    fingerprint: JSON.stringify(files.map(({ path, identity, stamp }) => [path, identity, stamp])),
    disks: [],
    wholeGuest: false,
    steps: files.map((file) => deleteStep(hostId, file)),
    cost: NO_COST,
    refusals: distinct(paths.flatMap((path) => deletionRefusals(path, paths, report))),
    warnings: report.onlyPools ? [problem('ONLY_POOLS_READ')] : [],
    otherUsers: [],
  };
}

/** A refusal that concerns all files is given once. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((one) => [JSON.stringify(one), one])).values()];
}

function deleteStep(hostId: string, { path, identity, stamp, pool, allocated }: Leftover): DeleteStep {
  return { kind: 'delete', hostId, file: path, identity, stamp, pool: pool ?? '', allocated };
}

/** How many are named; the others are counted. */
const NAMED = 5;

/**
 * Why a file must not be deleted, as far as known now. @param gone paths of the files that are deleted before it
 */
export function deletionRefusals(
  path: string,
  gone: readonly string[],
  { blocked, leftovers, kept, inUse, used }: LeftoverReport,
): readonly Problem[] {
  const [first] = blocked;
  if (first !== undefined) return [first];
  const file = leftovers.find((one) => one.path === path);
  if (file === undefined) {
    const keeper = kept.find((one) => one.path === path);
    if (keeper !== undefined) return [problem('LEFTOVER_KEPT', { image: path, actor: keeper.actor })];
    const why = inUse.find((one) => one.path === path)?.why;
    if (why !== undefined) return [why];
    const by = used.find((one) => one.path === path)?.by ?? [];
    const users = { image: path, users: by.slice(0, NAMED).join(', '), more: Math.max(0, by.length - NAMED) };
    return [by.length === 0 ? problem('LEFTOVER_UNKNOWN', { image: path }) : problem('LEFTOVER_USED', users)];
  }
  const over = file.under.filter((one) => !gone.includes(one));
  return over.length === 0 ? [] : [problem('LEFTOVER_BACKS', { image: path, files: over.join(', ') })];
}
