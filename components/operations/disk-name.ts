import type { Operation } from '../../model/operation.ts';

/** `web-1 · vda` */
export function diskName(operation: Operation): string {
  return `${operation.guestName} · ${operation.disk.target}`;
}
