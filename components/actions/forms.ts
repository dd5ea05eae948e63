import dynamic from 'next/dynamic';
import type { ActionName, Form } from './action.ts';

/**
 * The form of each action, loaded when it is opened: `snapshot: dynamic(() => import('./snapshot-form.tsx'))`, by
 * `next/dynamic`. A form is a default export of `formOf`. What has none here is not offered.
 */
export const FORMS: { readonly [Name in ActionName]?: Form } = {
  shorten: dynamic(() => import('./shorten-form.tsx')),
  snapshot: dynamic(() => import('./snapshot-form.tsx')),
  forget: dynamic(() => import('./forget-form.tsx')),
  merge: dynamic(() => import('./merge-form.tsx')),
  migrate: dynamic(() => import('./migrate-form.tsx')),
  move: dynamic(() => import('./move-form.tsx')),
};
