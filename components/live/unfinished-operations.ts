/** Asks for the operations that are not over: what the drawer shows. */
export const UNFINISHED = { over: false, limit: 500 } as const;
