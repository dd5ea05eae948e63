import {
  type ActiveCommitStep,
  activeCommitStepKind,
  type CommitStep,
  commitStepKind,
} from '../plans/commit.ts';
import { type CopyStep, copyStepKind } from '../plans/copy.ts';
import { type DeleteStep, deleteStepKind } from '../plans/delete.ts';
import { type EndJobStep, endJobStepKind } from '../plans/fixes/end-job.ts';
import { type RedefineStep, redefineStepKind } from '../plans/fixes/redefine.ts';
import { type RepairLeaksStep, repairLeaksStepKind } from '../plans/fixes/repair-leaks.ts';
import { type ResumeStep, resumeStepKind } from '../plans/fixes/resume.ts';
import { type RewriteHeaderStep, rewriteHeaderStepKind } from '../plans/fixes/rewrite-header.ts';
import { type ForgetStep, forgetStepKind } from '../plans/forget.ts';
import type { StepKind } from '../plans/kind.ts';
import { type MigrateStep, migrateStepKind } from '../plans/migrate/migrate-step.ts';
import { type OverlayStep, overlayStepKind } from '../plans/migrate/overlay-step.ts';
import { type PullStep, pullStepKind, type ShutOffPullStep, shutOffPullStepKind } from '../plans/pull.ts';
import { type SnapshotStep, snapshotStepKind } from '../plans/snapshot-step.ts';

/** One thing that an operation does. The journal stores it. */
export type Step =
  | ActiveCommitStep
  | CommitStep
  | CopyStep
  | DeleteStep
  | EndJobStep
  | ForgetStep
  | MigrateStep
  | OverlayStep
  | PullStep
  | RedefineStep
  | RepairLeaksStep
  | ResumeStep
  | RewriteHeaderStep
  | ShutOffPullStep
  | SnapshotStep;

export type StepOf<Kind extends Step['kind']> = Extract<Step, { readonly kind: Kind }>;

const STEP_KINDS: { readonly [Kind in Step['kind']]: StepKind<StepOf<Kind>> } = {
  pull: pullStepKind,
  'shut-off-pull': shutOffPullStepKind,
  commit: commitStepKind,
  'active-commit': activeCommitStepKind,
  copy: copyStepKind,
  snapshot: snapshotStepKind,
  forget: forgetStepKind,
  overlay: overlayStepKind,
  migrate: migrateStepKind,
  delete: deleteStepKind,
  'end-job': endJobStepKind,
  redefine: redefineStepKind,
  'rewrite-header': rewriteHeaderStepKind,
  'repair-leaks': repairLeaksStepKind,
  resume: resumeStepKind,
};

export function stepKindOf(step: Step): StepKind<Step> {
  return STEP_KINDS[step.kind];
}

/** Whether QEMU moves data for it. A host runs a limited number of such steps at a time. */
export function isBlockJob(step: Step): boolean {
  const { work } = stepKindOf(step);
  return work === 'block-job' || work === 'migration';
}

/** Whether it takes a speed limit. */
export function takesSpeed(step: Step): boolean {
  return stepKindOf(step).work === 'block-job';
}

/** Whether a cancel that comes after it does not bring back what was before it. */
export function isFinal(step: Step): boolean {
  return stepKindOf(step).work !== 'call';
}

/** Key of the image that receives data from others; `null` for a step that moves none within a chain. */
export function receiverOf(step: Step): string | null {
  return stepKindOf(step).move?.(step).into ?? null;
}
