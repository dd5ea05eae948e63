/** How a control looks that holds a value. Its size is for the place where it stands. */
export const BOX = 'min-w-0 rounded-md border border-line-strong bg-raised px-2 aria-invalid:border-bad';

/** The size of one that stands under its label. */
export const FIELD = 'h-8 w-full';
