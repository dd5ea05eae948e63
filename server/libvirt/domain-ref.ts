import type { DomainRef } from './shapes.ts';
import { parseUuid } from './uuid.ts';

/** `id` of a guest that isn't running. */
const NO_ID = -1;

/**
 * Addresses a guest by its UUID, running or not. libvirt looks for nothing else; it only repeats the name in its errors.
 * Throws BAD_ARGUMENT for what is no UUID.
 */
export function domainRef(uuid: string, name = ''): DomainRef {
  return { name, uuid: parseUuid(uuid), id: NO_ID };
}
