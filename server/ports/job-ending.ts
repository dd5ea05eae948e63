/** How a disk's block job ended. */
export type JobEnding = 'completed' | 'failed' | 'cancelled' | 'ready';
