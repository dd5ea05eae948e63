import type { ImageUser } from '../../../model/fleet/sharing.ts';
import type { Supervisor } from '../fleet/supervisor.ts';
import { volumeNamed } from '../images/volume-chain.ts';

/** A file that a snapshot record names. */
export interface RecordedImage {
  readonly user: ImageUser;
  readonly record: string;
  readonly path: string;
}

/** The files that the snapshots of a host's guests name, as they were last read. */
export async function recordedImages(host: Supervisor): Promise<readonly RecordedImage[]> {
  const named = host
    .inventory()
    .guests()
    .flatMap(({ hostId, uuid, name: guestName, records }) =>
      records.flatMap(({ name: record, disks }) =>
        disks.flatMap(({ target, frozen, overlay }) =>
          [frozen, overlay]
            .filter((key) => key !== null)
            .map((key) => ({ user: { hostId, uuid, guestName, target }, record, key })),
        ),
      ),
    );
  const found = named.map(async ({ key, ...image }) => ({ ...image, path: await pathOf(host, key) }));
  return (await Promise.all(found)).flatMap((image) =>
    image.path === null ? [] : [{ ...image, path: image.path }],
  );
}

/** `null` for what is no file, or for a volume that no pool has any longer. */
async function pathOf(host: Supervisor, key: string): Promise<string | null> {
  if (key.startsWith('/')) return key;
  const [, pool, volume] = /^volume:([^/]*)\/(.*)$/s.exec(key) ?? [];
  if (pool === undefined || volume === undefined || host.host().state !== 'connected') return null;
  return (await volumeNamed(host.source().connection, pool, volume))?.path ?? null;
}
