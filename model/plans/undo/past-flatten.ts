/** A flatten that was done, as the journal has it: all that its undo goes by. */
export interface PastFlatten {
  readonly target: string;
  /** Keys of the images that its pull began with, and that it left, from the active one down. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Format of the image that was right below the active one; `null` if unknown. */
  readonly format: string | null;
  /** When libvirt was asked for the pull, milliseconds since 1970. The old chain is what it was while nobody wrote to it since. */
  readonly since: number;
  /** Names of the snapshots whose metadata it forgot. */
  readonly forgotten: readonly string[];
}
