import { type DeleteIntent, deleteIntentKind } from '../plans/delete.ts';
import { type EndJobIntent, endJobIntentKind } from '../plans/fixes/end-job.ts';
import { type RedefineIntent, redefineIntentKind } from '../plans/fixes/redefine.ts';
import { type RepairLeaksIntent, repairLeaksIntentKind } from '../plans/fixes/repair-leaks.ts';
import { type ResumeIntent, resumeIntentKind } from '../plans/fixes/resume.ts';
import { type RewriteHeaderIntent, rewriteHeaderIntentKind } from '../plans/fixes/rewrite-header.ts';
import { type FlattenIntent, flattenIntentKind } from '../plans/flatten.ts';
import { type ForgetIntent, forgetIntentKind } from '../plans/forget.ts';
import type { IntentKind } from '../plans/kind.ts';
import { type MergeDownIntent, mergeDownIntentKind } from '../plans/merge-down.ts';
import { type MigrateIntent, migrateIntentKind } from '../plans/migrate/migrate-intent.ts';
import { type MoveIntent, moveIntentKind } from '../plans/move.ts';
import { type ShortenIntent, shortenIntentKind } from '../plans/shorten/shorten.ts';
import { type SnapshotIntent, snapshotIntentKind } from '../plans/snapshot.ts';

/** What an operator wants of a guest. */
export type Intent = ActionIntent | FixIntent;

/** What an operator asks for by a form or in the graph. */
export type ActionIntent =
  | FlattenIntent
  | ForgetIntent
  | MergeDownIntent
  | MigrateIntent
  | MoveIntent
  | ShortenIntent
  | SnapshotIntent;

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

const INTENT_KINDS: { readonly [Kind in AnyIntent['kind']]: IntentKind<IntentOf<Kind>> } = {
  flatten: flattenIntentKind,
  'merge-down': mergeDownIntentKind,
  shorten: shortenIntentKind,
  snapshot: snapshotIntentKind,
  forget: forgetIntentKind,
  move: moveIntentKind,
  migrate: migrateIntentKind,
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
