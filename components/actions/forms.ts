import dynamic from 'next/dynamic';
import { type Form, formOf } from '../plan/form-of.tsx';
import type { ActionAt, ActionName } from './action.ts';
import { FlattenControls } from './flatten-controls.tsx';
import { flattenForm } from './flatten-form.ts';
import { forgetForm } from './forget-form.ts';
import { mergeForm } from './merge-form.ts';
import { migrateForm } from './migrate-form.ts';
import { moveForm } from './move-form.ts';
import { shortenForm } from './shorten-form.ts';
import { snapshotForm } from './snapshot-form.ts';

/** The form of each action. Its controls are loaded when it is opened; what it asks for is known before. */
export const FORMS: Readonly<Record<ActionName, Form<ActionAt>>> = {
  shorten: formOf(
    shortenForm,
    dynamic(() => import('./shorten-controls.tsx')),
  ),
  snapshot: formOf(
    snapshotForm,
    dynamic(() => import('./snapshot-controls.tsx')),
  ),
  forget: formOf(
    forgetForm,
    dynamic(() => import('./forget-controls.tsx')),
  ),
  merge: formOf(
    mergeForm,
    dynamic(() => import('./merge-controls.tsx')),
  ),
  migrate: formOf(
    migrateForm,
    dynamic(() => import('./migrate-controls.tsx')),
  ),
  move: formOf(
    moveForm,
    dynamic(() => import('./move-controls.tsx')),
  ),
};

/** The form of what is asked for by picking a base. */
export const FLATTEN = formOf(flattenForm, FlattenControls);
