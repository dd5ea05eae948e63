import { type Form, formOf } from '../plan/form-of.tsx';
import type { ActionAt, ActionName } from './action.ts';
import { DeleteSnapshotControls } from './delete-snapshot-controls.tsx';
import { deleteSnapshotForm } from './delete-snapshot-form.ts';
import { ForgetControls } from './forget-controls.tsx';
import { forgetForm } from './forget-form.ts';
import { MergeControls } from './merge-controls.tsx';
import { mergeForm } from './merge-form.ts';
import { MigrateControls } from './migrate-controls.tsx';
import { migrateForm } from './migrate-form.ts';
import { MoveControls } from './move-controls.tsx';
import { moveForm } from './move-form.ts';
import { RevertControls } from './revert-controls.tsx';
import { revertForm } from './revert-form.ts';
import { ShortenControls } from './shorten-controls.tsx';
import { shortenForm } from './shorten-form.ts';
import { SnapshotControls } from './snapshot-controls.tsx';
import { snapshotForm } from './snapshot-form.ts';
import { UndoControls } from './undo-controls.tsx';
import { undoForm } from './undo-form.ts';

/** The form of each action. Pages load all of them with the first one that is opened, by `useForm`. */
export const FORMS: Readonly<Record<ActionName, Form<ActionAt>>> = {
  shorten: formOf(shortenForm, ShortenControls),
  snapshot: formOf(snapshotForm, SnapshotControls),
  revert: formOf(revertForm, RevertControls),
  'delete-snapshot': formOf(deleteSnapshotForm, DeleteSnapshotControls),
  forget: formOf(forgetForm, ForgetControls),
  'merge-down': formOf(mergeForm, MergeControls),
  undo: formOf(undoForm, UndoControls),
  migrate: formOf(migrateForm, MigrateControls),
  move: formOf(moveForm, MoveControls),
};
