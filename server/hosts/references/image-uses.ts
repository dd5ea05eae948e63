import { imageKey } from '../../../model/fleet/image.ts';
import type { ImageUses, NamedRecord } from '../../../model/fleet/image-uses.ts';
import type { ImageUser } from '../../../model/fleet/sharing.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { readRegister } from './register.ts';

/** All images of a host's chains with everything that refers to them, the shared ones first. */
export async function imageUses(fleet: Fleet, hostId: string): Promise<readonly ImageUses[]> {
  const { disks, records, files } = await readRegister(fleet, hostId, 'enough');
  const keys = new Map<string, string>();
  const users = new Map<string, Map<string, ImageUser>>();
  for (const { user, sources, identities } of disks) {
    for (const [i, identity] of identities.entries()) {
      const source = sources[i];
      if (source !== undefined && user.hostId === hostId && !keys.has(identity)) {
        keys.set(identity, imageKey(source));
      }
      const known = users.get(identity) ?? new Map<string, ImageUser>();
      users.set(identity, known.set(`${user.hostId} ${user.uuid} ${user.target}`, user));
    }
  }
  const uses = [...keys].map(([identity, key]): ImageUses => {
    const named = records.filter((record) => record.identity === identity);
    return {
      key,
      users: [...(users.get(identity)?.values() ?? [])],
      records: distinct(
        named.map(({ user: { hostId: host, uuid, guestName }, record }) => ({
          hostId: host,
          uuid,
          guestName,
          record,
        })),
      ),
      overlays: files.filter(({ backing }) => backing.includes(identity)).map(({ path }) => path),
    };
  });
  return uses.sort((a, b) => b.users.length - a.users.length || a.key.localeCompare(b.key));
}

/** A user that names an image twice counts once. */
function distinct(records: readonly NamedRecord[]): readonly NamedRecord[] {
  return [...new Map(records.map((one) => [`${one.hostId} ${one.uuid} ${one.record}`, one])).values()];
}
