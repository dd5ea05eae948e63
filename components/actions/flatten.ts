import { formOf } from '../plan/form-of.tsx';
import { FlattenControls } from './flatten-controls.tsx';
import { flattenForm } from './flatten-form.ts';

/** The form of what is asked for by picking a base. */
export const FLATTEN = formOf(flattenForm, FlattenControls);
