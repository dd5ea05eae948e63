import type { Guest } from '../../../model/fleet/guest.ts';
import { leadOf } from '../../../model/fleet/revert-basis.ts';
import type { ImageUser } from '../../../model/fleet/sharing.ts';
import type { Supervisor } from '../fleet/supervisor.ts';
import { volumeNamed } from '../images/volume-chain.ts';

/** A file that a snapshot record names, or, where libvirt reverts to external snapshots, that a revert to it would read. */
export interface RecordedImage {
  readonly user: ImageUser;
  readonly record: string;
  readonly path: string;
  /** Whether libvirt can revert to the snapshot, so that the file must stay as it is for the guest itself too. */
  readonly needed: boolean;
}

/** The files that the snapshots of a host's guests name or rest on, as they were last read. */
export async function recordedImages(host: Supervisor): Promise<readonly RecordedImage[]> {
  const named = host.inventory().guests().flatMap(keysIn);
  const paths = new Map<string, Promise<string | null>>();
  for (const { key } of named) if (!paths.has(key)) paths.set(key, pathOf(host, key));
  const found = named.map(async ({ key, ...image }) => ({ ...image, path: (await paths.get(key)) ?? null }));
  return (await Promise.all(found)).flatMap((image) =>
    image.path === null ? [] : [{ ...image, path: image.path }],
  );
}

function keysIn(guest: Guest) {
  const { hostId, uuid, name: guestName, records, reverts } = guest;
  return records.flatMap(({ name: record, disks }) =>
    disks.flatMap(({ target, kind, frozen, overlay, reverted }) => {
      const user = { hostId, uuid, guestName, target };
      const named = [frozen, overlay].filter((key) => key !== null);
      if (reverts === null) {
        return kind === 'none' ? [] : named.map((key) => ({ user, record, key, needed: false }));
      }
      const read = frozen === null ? [] : leadOf(guest, frozen).images.map(({ key }) => key);
      const needed = new Set([frozen, ...read, reverted].filter((key) => typeof key === 'string'));
      return [...new Set([...needed, ...named])].map((key) => ({
        ...{ user, record, key },
        // The next overlay is needed only where another snapshot froze it.
        needed: needed.has(key),
      }));
    }),
  );
}

/** `null` for what is no file, or for a volume that no pool has any longer. */
async function pathOf(host: Supervisor, key: string): Promise<string | null> {
  if (key.startsWith('/')) return key;
  const [, pool, volume] = /^volume:([^/]*)\/(.*)$/s.exec(key) ?? [];
  if (pool === undefined || volume === undefined || host.host().state !== 'connected') return null;
  return (await volumeNamed(host.source().connection, pool, volume))?.path ?? null;
}
