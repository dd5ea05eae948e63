/** The appearance of a control with a value. Its size is set where it is used. */
export const BOX = 'min-w-0 rounded-md border border-line-strong bg-raised px-2 aria-invalid:border-bad';

/** The size of a control below its label. */
export const FIELD = 'h-8 w-full';
