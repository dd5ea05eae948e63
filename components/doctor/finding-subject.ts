import type { Finding } from '../../model/doctor/finding.ts';
import { diskAddress } from '../guest/disk-address.ts';

/** The guest, or the disk of it, that has the finding. */
export function findingSubject({ guestName, target }: Finding): string {
  return target === null ? guestName : `${guestName} · ${target}`;
}

/** The page of that guest or disk. */
export function findingAddress({ hostId, uuid, target }: Finding): string {
  return target === null ? `/h/${encodeURIComponent(hostId)}/${uuid}` : diskAddress({ hostId, uuid, target });
}
