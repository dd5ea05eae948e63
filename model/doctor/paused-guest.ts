import { activeOf } from '../fleet/chain.ts';
import { diskOf, type Guest, lacksSpace } from '../fleet/guest.ts';
import { imagePath } from '../fleet/image.ts';
import type { GuestCheck } from './check.ts';

/** A guest that QEMU paused for an I/O error, such as a full file system. It stays paused until an operator resumes it. */
export const pausedGuest: GuestCheck = (guest) => {
  const { ioError } = guest;
  if (ioError === null) return [];
  const targets = ioError.disks.map(({ target }) => target);
  const paths = targets.flatMap((target) => activePath(guest, target) ?? []);
  const params = {
    why: lacksSpace(ioError) ? 'space' : 'other',
    disks: targets.join(', ') || 'none',
    paths: paths.join(', ') || 'none',
    count: paths.length,
  };
  const fix = { kind: 'plan', intent: { kind: 'resume' } } as const;
  return [{ code: 'PAUSED_IO_ERROR', severity: 'bad', params, fix }];
};

function activePath(guest: Guest, target: string): string | null {
  const active = activeOf(diskOf(guest, target)?.chain ?? { images: [] });
  return active && imagePath(active);
}
