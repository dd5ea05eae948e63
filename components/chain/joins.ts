import type { Chain } from '../../model/fleet/chain.ts';
import { type DiskRef, sameDisk } from '../../model/fleet/disk.ts';
import type { ImageUser } from '../../model/fleet/sharing.ts';

/**
 * The disks that join this chain, by the key of the topmost image that each of them shares with it.
 * All images below a join are shared by the same disks.
 */
export function joins(
  chain: Chain,
  users: ReadonlyMap<string, readonly ImageUser[]>,
  disk: DiskRef,
): ReadonlyMap<string, readonly ImageUser[]> {
  const found = new Map<string, readonly ImageUser[]>();
  const seen: ImageUser[] = [];
  for (const image of chain.images) {
    const joining = (users.get(image.key) ?? []).filter(
      (user) => !sameDisk(user, disk) && !seen.some((known) => sameDisk(known, user)),
    );
    if (joining.length > 0) found.set(image.key, joining);
    seen.push(...joining);
  }
  return found;
}

/** The other disks whose chain has the image. */
export function othersOn(
  key: string,
  users: ReadonlyMap<string, readonly ImageUser[]>,
  disk: DiskRef,
): readonly ImageUser[] {
  return (users.get(key) ?? []).filter((user) => !sameDisk(user, disk));
}
