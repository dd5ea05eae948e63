import type { Register } from './register.ts';

/** Names of what refers to an image directly, for people: guests with their disks, snapshots, image files. */
export function referrersOf(identity: string, { disks, records, files }: Register): readonly string[] {
  const guests = disks
    .filter(({ identities }) => identities.includes(identity))
    .map(({ user }) => `${user.guestName} (${user.target})`);
  const named = records
    .filter((record) => record.identity === identity)
    .map(({ user, record }) => `${user.guestName}: ${record}`);
  // The guest's name represents its images.
  const known = new Set(disks.flatMap(({ identities }) => identities));
  const overlays = files
    .filter((file) => file.backing.includes(identity) && !known.has(file.identity))
    .map(({ path }) => path);
  return [...new Set([...guests, ...named, ...overlays])];
}
