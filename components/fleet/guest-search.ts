import type { Guest } from '../../model/fleet/guest.ts';

/** Why a guest was found; an image says which one. */
export type Match = { readonly by: 'name' | 'uuid' } | { readonly by: 'image'; readonly key: string };

/** Finds a guest by a part of its name, its UUID or the path of one of its images. Case does not matter. */
export function matchGuest(guest: Guest, query: string): Match | null {
  const wanted = query.trim().toLocaleLowerCase();
  if (guest.name.toLocaleLowerCase().includes(wanted)) return { by: 'name' };
  if (guest.uuid.includes(wanted)) return { by: 'uuid' };
  for (const { chain } of guest.disks) {
    const image = chain?.images.find(({ key }) => key.toLocaleLowerCase().includes(wanted));
    if (image) return { by: 'image', key: image.key };
  }
  return null;
}
