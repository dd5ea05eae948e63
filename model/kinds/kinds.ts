import {
  type ActiveCommitStep,
  activeCommitStepKind,
  type CommitStep,
  commitStepKind,
} from '../plans/commit.ts';
import { type CopyStep, copyStepKind } from '../plans/copy.ts';
import { type DeleteIntent, type DeleteStep, deleteIntentKind, deleteStepKind } from '../plans/delete.ts';
import {
  type DeleteSnapshotIntent,
  deleteSnapshotIntentKind,
} from '../plans/delete-snapshot/delete-snapshot.ts';
import {
  type DeleteSnapshotStep,
  deleteSnapshotStepKind,
} from '../plans/delete-snapshot/delete-snapshot-step.ts';
import {
  type EndJobIntent,
  type EndJobStep,
  endJobIntentKind,
  endJobStepKind,
} from '../plans/fixes/end-job.ts';
import {
  type RedefineIntent,
  type RedefineStep,
  redefineIntentKind,
  redefineStepKind,
} from '../plans/fixes/redefine.ts';
import {
  type RepairLeaksIntent,
  type RepairLeaksStep,
  repairLeaksIntentKind,
  repairLeaksStepKind,
} from '../plans/fixes/repair-leaks.ts';
import {
  type ResumeIntent,
  type ResumeStep,
  resumeIntentKind,
  resumeStepKind,
} from '../plans/fixes/resume.ts';
import {
  type RewriteHeaderIntent,
  type RewriteHeaderStep,
  rewriteHeaderIntentKind,
  rewriteHeaderStepKind,
} from '../plans/fixes/rewrite-header.ts';
import { type FlattenIntent, flattenIntentKind } from '../plans/flatten.ts';
import { type ForgetIntent, type ForgetStep, forgetIntentKind, forgetStepKind } from '../plans/forget.ts';
import type { ActionKind, IntentKind, Need, StepKind } from '../plans/kind.ts';
import { type MergeDownIntent, mergeDownIntentKind } from '../plans/merge-down.ts';
import { type MigrateIntent, migrateIntentKind } from '../plans/migrate/migrate-intent.ts';
import { type MigrateStep, migrateStepKind } from '../plans/migrate/migrate-step.ts';
import { type OverlayStep, overlayStepKind } from '../plans/migrate/overlay-step.ts';
import { type MoveIntent, moveIntentKind } from '../plans/move.ts';
import { type PullStep, pullStepKind, type ShutOffPullStep, shutOffPullStepKind } from '../plans/pull.ts';
import { type RevertIntent, revertIntentKind } from '../plans/revert/revert.ts';
import { type RevertStep, revertStepKind } from '../plans/revert/revert-step.ts';
import { type StopStep, stopStepKind } from '../plans/revert/stop-step.ts';
import { type ShortenIntent, shortenIntentKind } from '../plans/shorten/shorten.ts';
import { type SnapshotIntent, snapshotIntentKind } from '../plans/snapshot.ts';
import { type SnapshotStep, snapshotStepKind } from '../plans/snapshot-step.ts';
import { type RelinkStep, relinkStepKind } from '../plans/undo/relink-step.ts';
import { type UndoIntent, undoIntentKind } from '../plans/undo/undo.ts';

/** What an operator wants of a guest. */
export type Intent = ActionIntent | FixIntent;

/** What an operator asks for by a form or in the graph. */
export type ActionIntent =
  | DeleteSnapshotIntent
  | FlattenIntent
  | ForgetIntent
  | MergeDownIntent
  | MigrateIntent
  | MoveIntent
  | RevertIntent
  | ShortenIntent
  | SnapshotIntent
  | UndoIntent;

/** What only the doctor proposes. */
export type FixIntent =
  | EndJobIntent
  | RedefineIntent
  | RepairLeaksIntent
  | ResumeIntent
  | RewriteHeaderIntent;

/** What an operator wants of a host, and of none of its guests. */
export type HostIntent = DeleteIntent;

type AnyIntent = Intent | HostIntent;

export type IntentOf<Kind extends AnyIntent['kind']> = Extract<AnyIntent, { readonly kind: Kind }>;

/** In the order in which the interface offers them. */
const ACTIONS: { readonly [Kind in ActionIntent['kind']]: ActionKind<IntentOf<Kind>> } = {
  flatten: flattenIntentKind,
  snapshot: snapshotIntentKind,
  revert: revertIntentKind,
  shorten: shortenIntentKind,
  move: moveIntentKind,
  'merge-down': mergeDownIntentKind,
  undo: undoIntentKind,
  migrate: migrateIntentKind,
  'delete-snapshot': deleteSnapshotIntentKind,
  forget: forgetIntentKind,
};

const INTENT_KINDS: { readonly [Kind in AnyIntent['kind']]: IntentKind<IntentOf<Kind>> } = {
  ...ACTIONS,
  'end-job': endJobIntentKind,
  redefine: redefineIntentKind,
  'rewrite-header': rewriteHeaderIntentKind,
  'repair-leaks': repairLeaksIntentKind,
  resume: resumeIntentKind,
  delete: deleteIntentKind,
};

export function intentKindOf(intent: AnyIntent): IntentKind<AnyIntent> {
  return INTENT_KINDS[intent.kind];
}

export const ACTION_KINDS: readonly ActionIntent['kind'][] = Object.keys(ACTIONS).filter(isAction);

function isAction(kind: string): kind is ActionIntent['kind'] {
  return Object.hasOwn(ACTIONS, kind);
}

export function needsOf(kind: ActionIntent['kind']): readonly Need[] {
  return ACTIONS[kind].needs;
}

/** One thing that an operation does. The journal stores it. */
export type Step =
  | ActiveCommitStep
  | CommitStep
  | CopyStep
  | DeleteSnapshotStep
  | DeleteStep
  | EndJobStep
  | ForgetStep
  | MigrateStep
  | OverlayStep
  | PullStep
  | RedefineStep
  | RelinkStep
  | RepairLeaksStep
  | ResumeStep
  | RevertStep
  | RewriteHeaderStep
  | ShutOffPullStep
  | SnapshotStep
  | StopStep;

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
  stop: stopStepKind,
  revert: revertStepKind,
  relink: relinkStepKind,
  'delete-snapshot': deleteSnapshotStepKind,
};

export function stepKindOf(step: Step): StepKind<Step> {
  return STEP_KINDS[step.kind];
}
