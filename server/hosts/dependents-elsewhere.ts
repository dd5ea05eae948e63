import { posix } from 'node:path';
import type { Dependents, DependentUser } from '../../model/dependents.ts';
import type { DiskRef, Guest } from '../../model/guest.ts';
import { type Image, imagePath } from '../../model/image.ts';
import type { ImageUser } from '../../model/sharing.ts';
import type { Fleet } from './fleet.ts';
import { SameImages } from './same-images.ts';

/** A disk of a guest on another machine, with a path that it has in common with an image here. */
interface Alike {
  readonly user: ImageUser;
  readonly image: Image;
  readonly path: string;
  readonly format: string;
}

/**
 * Disks on other machines that name an image by the same path, which is the same file where the storage is shared: what both
 * hosts say of it decides.
 * @param together ids of the hosts that are looked at otherwise
 */
export async function findElsewhere(
  fleet: Fleet,
  ref: DiskRef,
  images: readonly Image[],
  together: ReadonlySet<string>,
): Promise<Pick<Dependents, 'users' | 'elsewhere' | 'lost'>> {
  const others = fleet.guests().filter(({ hostId }) => !together.has(hostId));
  const users: DependentUser[] = [];
  const elsewhere: ImageUser[] = [];
  const lost: DependentUser[] = [];
  await Promise.all(
    others
      .flatMap((guest) => alikeIn(guest, images))
      .map(async (alike) => {
        const sameness = await compared(fleet, ref.hostId, alike);
        const user = { ...alike.user, image: alike.image.key };
        if (sameness === 'same') users.push(user);
        else if (sameness === 'lost') lost.push(user);
        else if (sameness === 'unknown') elsewhere.push(alike.user);
      }),
  );
  return { users, elsewhere, lost };
}

/** The topmost image of each disk is enough: what lies below it is below it here too. */
function alikeIn(
  { hostId, uuid, name: guestName, disks }: Guest,
  images: readonly Image[],
): readonly Alike[] {
  return disks.flatMap(({ target, chain }) => {
    for (const { source, format } of chain?.images ?? []) {
      const path = source.kind === 'network' ? null : source.path;
      const image = path === null ? undefined : images.find((one) => isAt(one, path));
      if (image === undefined || path === null) continue;
      return [{ user: { hostId, uuid, guestName, target }, image, path, format: format ?? 'raw' }];
    }
    return [];
  });
}

function isAt(image: Image, path: string): boolean {
  const own = imagePath(image);
  return own !== null && posix.normalize(own) === posix.normalize(path);
}

/** Of a host that is not connected is known what it last told; whether that is the same file it can say once it is back. */
async function compared(fleet: Fleet, from: string, { user, path, format }: Alike) {
  if (fleet.supervisor(user.hostId).host().state !== 'connected') return 'lost';
  const [found] = await new SameImages(fleet).compare(from, user.hostId, [path], { path, format });
  return found?.sameness ?? 'unknown';
}
