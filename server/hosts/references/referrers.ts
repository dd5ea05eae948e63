import type { Register } from './register.ts';

/** Who refers to an image directly, in names that people know: guests with their disks, snapshot records, image files. */
export function referrersOf(identity: string, { disks, records, files }: Register): readonly string[] {
  const guests = disks
    .filter(({ identities }) => identities.includes(identity))
    .map(({ user }) => `${user.guestName} (${user.target})`);
  const named = records
    .filter((record) => record.identity === identity)
    .map(({ user, record }) => `${user.guestName}: ${record}`);
  // An image of a guest is told by the guest.
  const known = new Set(disks.flatMap(({ identities }) => identities));
  const overlays = files
    .filter((file) => file.backing.includes(identity) && !known.has(file.identity))
    .map(({ path }) => path);
  return [...new Set([...guests, ...named, ...overlays])];
}
