import type { GuestCheck } from './check.ts';

/** A guest that does not answer, and whose disks nobody knows. */
export const unreadGuest: GuestCheck = ({ unread }) =>
  unread === null ? [] : [{ code: 'UNREADABLE', severity: 'bad', problem: unread }];
