import { activeOf, type Chain, keys } from '../../fleet/chain.ts';
import { diskOf, type Guest } from '../../fleet/guest.ts';
import type { Image } from '../../fleet/image.ts';
import { leadOf } from '../../fleet/revert-basis.ts';
import type { RecordedDisk, SnapshotRecord } from '../../fleet/snapshot-record.ts';
import { overlaid } from '../overlay.ts';

/** A disk that a revert brings back. */
export interface DiskBack {
  readonly recorded: RecordedDisk;
  /** Its chain before the revert; empty if the guest has no such disk, or it could not be read. */
  readonly now: Chain;
  /** Its chain afterwards, as far down as known. */
  readonly after: Chain;
  /** The path of its new overlay, with `TIME` in it; `null` if the frozen image is no file. */
  readonly file: string | null;
}

/** Stands in the name of a new overlay for the seconds since 1970, which only the revert decides. */
export const TIME = '(time)';

/** What a revert to a snapshot does to each disk: every one of them gets a new overlay, also those that the snapshot left out. */
export function disksBack(guest: Guest, record: SnapshotRecord): readonly DiskBack[] {
  return record.disks.map((recorded) => {
    const { target, frozen } = recorded;
    const images = frozen === null ? [] : leadOf(guest, frozen).images;
    const [top] = images;
    const file = top === undefined ? null : newOverlay(top);
    return {
      recorded,
      now: diskOf(guest, target)?.chain ?? { images: [] },
      after: file === null ? { images } : overlaid({ images }, file),
      file,
    };
  });
}

/** A removable medium that a revert puts an overlay on, as libvirt 11.3 does. */
export interface MediumBack {
  readonly target: string;
  /** Key of the medium. */
  readonly image: string;
  /** The path of its overlay; `null` if it is no file. */
  readonly file: string | null;
}

export function mediaBack(guest: Guest, { media = [] }: SnapshotRecord): readonly MediumBack[] {
  return media.map(({ target, image }) => {
    const [top] = leadOf(guest, image).images;
    return { target, image, file: top === undefined ? null : newOverlay(top) };
  });
}

/** Whether the disk's present chain has nothing that the revert brings back. */
export function isElsewhere({ now, after }: DiskBack): boolean {
  const back = new Set(keys(after));
  return activeOf(now) !== null && !now.images.some(({ key }) => back.has(key));
}

/** libvirt 11.3 and 12.8 name it after the frozen image, without the ending, and the time in seconds. */
function newOverlay({ source }: Image): string | null {
  if (source.kind !== 'file' && source.kind !== 'volume') return null;
  return source.path === null ? null : `${source.path.replace(/\.[^./]*$/, '')}.${TIME}`;
}

/**
 * Keys of the files that libvirt deletes when it reverts from this record, the current one: the overlays of the last revert to
 * it, or else those that it was taken with.
 */
export function deletedFrom({ disks }: SnapshotRecord): readonly string[] {
  const reverted = disks.flatMap((disk) => disk.reverted ?? []);
  return reverted.length > 0 ? reverted : disks.flatMap(({ overlay }) => overlay ?? []);
}
