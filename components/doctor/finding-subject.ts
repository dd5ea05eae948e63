import type { Finding } from '../../model/doctor/finding.ts';

/** The guest, or the disk of it, that has the finding. */
export function findingSubject({ guestName, target }: Finding): string {
  return target === null ? guestName : `${guestName} · ${target}`;
}
