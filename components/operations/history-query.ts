/** Asks for the newest operations, over or not. */
export const HISTORY = { limit: 500 } as const;
