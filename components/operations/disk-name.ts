import type { Operation } from '../../model/operation.ts';

/** `web-1 · vda` */
export function diskName(operation: Operation): string {
  return `${operation.guestName} · ${operation.disk.target}`;
}

/** The page of the disk that an operation works on. */
export function diskAddress(operation: Operation): string {
  const { hostId, uuid, target } = operation.disk;
  return `/h/${encodeURIComponent(hostId)}/${uuid}/${target}`;
}
