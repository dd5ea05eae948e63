/** A write to an image by an operation of ours. */
export interface KnownWrite {
  /** Key of the image. */
  readonly image: string;
  /** It was written between these times, milliseconds since 1970; `until` is `null` while the operation is under way. */
  readonly from: number;
  readonly until: number | null;
  /** Names of the snapshots that read the same before and afterwards. */
  readonly kept: readonly string[];
}

/**
 * Of images that were last written at these times, those that an operation of ours wrote last, each with the snapshots that read
 * the same afterwards. @param writtenAt milliseconds since 1970, by key
 */
export function writtenByUs(
  writtenAt: Readonly<Record<string, number>>,
  writes: readonly KnownWrite[],
): Readonly<Record<string, readonly string[]>> {
  const found = Object.entries(writtenAt).flatMap(([image, at]) => {
    const kept = writes
      .filter((write) => write.image === image && write.from <= at && at <= (write.until ?? at))
      .flatMap((write) => write.kept);
    return kept.length === 0 ? [] : [[image, kept] as const];
  });
  return Object.fromEntries(found);
}
