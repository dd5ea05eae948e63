/** The text of anything that was thrown, as the reason of a problem. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
