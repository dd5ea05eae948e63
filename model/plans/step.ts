/**
 * What all steps have. A step says all that is needed to see whether it is done, such as the chain before it and after it
 * as image keys from the active one down. So a fresh process needs nothing but the step and the host's present state.
 */
export interface AnyStep extends OnHost {
  readonly kind: string;
}

export interface OnHost {
  /** Where it is done: the guest's host, or the one that it was migrated to. */
  readonly hostId: string;
}

/** A step that changes one disk's chain. */
export interface ChainStep extends OnHost {
  readonly target: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}
