import type { SharedImage } from '../../model/fleet/guest-location.ts';

export interface ImageIdentities {
  /** Each image of a chain with what the other host has below its path for the active one. */
  compare(
    from: string,
    to: string,
    chain: readonly string[],
    there: { readonly path: string; readonly format: string },
  ): Promise<readonly SharedImage[]>;
}
