import type { MergeDownIntent } from '../../model/plans/merge-down.ts';
import { flag, optionalText } from '../address/fields.ts';
import type { FormSpec } from '../plan/form-of.tsx';
import type { ActionAt } from './action.ts';
import { forgetsAfter } from './forgets-after.ts';

export interface MergeValues {
  /** The picked image is the base of the run; without one, the lowest image is. */
  readonly image: string | null;
  /** The topmost image of the run; `null` for the one above the base. */
  readonly top: string | null;
  readonly forget: boolean;
}

export const mergeForm: FormSpec<MergeValues, ActionAt> = {
  fields: { image: optionalText, top: optionalText, forget: flag },
  initial: ({ guest }) => ({ image: null, top: null, forget: forgetsAfter(guest) }),
  intent: (values, at) => ({
    kind: 'merge-down',
    target: at.disk.target,
    ...runOf(values, at),
    forgetAfter: values.forget,
  }),
};

/** The ends of the run. A top that is not above the base gives way to the image that is. */
export function runOf(
  { image, top }: MergeValues,
  { disk }: ActionAt,
): Pick<MergeDownIntent, 'top' | 'base'> {
  const keys = disk.chain?.images.map(({ key }) => key) ?? [];
  const at = image === null ? -1 : keys.indexOf(image);
  const base = at > 0 ? at : keys.length - 1;
  const above = top === null ? -1 : keys.indexOf(top);
  return { top: keys[above >= 0 && above < base ? above : base - 1] ?? '', base: keys[base] ?? '' };
}
