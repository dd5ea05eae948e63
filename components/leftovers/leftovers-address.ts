/** The page of a host's leftovers. */
export function leftoversAddress(hostId: string): string {
  return `/leftovers?host=${encodeURIComponent(hostId)}`;
}
