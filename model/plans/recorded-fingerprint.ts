import { fingerprint } from '../fleet/chain.ts';
import { type Guest, isActive } from '../fleet/guest.ts';

/**
 * What a plan goes by that reverts a guest to a snapshot or deletes one: with another fingerprint it is planned again.
 * @param deleted keys of the images that libvirt would delete
 */
export function recordedFingerprint(guest: Guest, deleted: readonly string[]): string {
  const { disks, records, reverts } = guest;
  return JSON.stringify([
    isActive(guest),
    disks.map(({ target, chain }) => [target, chain && fingerprint(chain)]),
    reverts?.current ?? null,
    records.map(({ name, createdAt, parent }) => [name, createdAt, parent]),
    deleted,
  ]);
}
