/** What somebody types into a form, which the address gets a moment later. Queries are without `?`. */
export interface Typing {
  /** The query of the address when it began. */
  readonly from: string;
  /** What the address was given of it so far. */
  readonly written: string | null;
  /** What it is by now. */
  readonly query: string;
}

/**
 * What the address `now` does not have yet; `null` for nothing. The page may hear late of what was written, and somebody
 * types on meanwhile; but any other address was chosen elsewhere, such as by the Back button, and ends the typing.
 */
export function pendingIn(typing: Typing | null, now: string): Typing | null {
  return typing !== null && typing.query !== now && isGoingOn(typing, now) ? typing : null;
}

function isGoingOn(typing: Typing, now: string): boolean {
  return now === typing.from || now === typing.written;
}

/** The typing after another key, of a page whose address was `now` when it was drawn. */
export function typed(before: Typing | null, now: string, query: string): Typing {
  return { from: now, written: before !== null && isGoingOn(before, now) ? before.written : null, query };
}

/** The typing after the address was given all of it so far. */
export function written(before: Typing, query: string): Typing {
  return { ...before, written: query };
}
