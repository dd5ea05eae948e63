import { z } from 'zod';
import { MOST_BUCKETS } from '../../model/content/cross-section.ts';
import type { Disk, DiskRef } from '../../model/fleet/disk.ts';
import { diskOf } from '../../model/fleet/guest.ts';
import { ProblemError, problem } from '../../model/problem.ts';
import type { Fleet } from './context.ts';
import { diskRef } from './inputs.ts';
import { procedure, router } from './trpc.ts';

export const chains = router({
  get: procedure.input(diskRef).query(({ ctx, input }) => diskIn(ctx.fleet, input)),
  /** What the guest reads of the disk, and from which image; `null` where its chain is not known. */
  section: procedure
    .input(z.strictObject({ disk: diskRef, buckets: z.number().int().min(1).max(MOST_BUCKETS) }))
    .query(({ ctx, input }) => {
      diskIn(ctx.fleet, input.disk);
      return ctx.chains.section(input.disk, input.buckets);
    }),
});

/** Throws `GUEST_UNKNOWN` or `DISK_UNKNOWN`. */
function diskIn(fleet: Fleet, ref: DiskRef): Disk {
  const guest = fleet.guest(ref);
  if (guest === null) throw new ProblemError('not-found', problem('GUEST_UNKNOWN', { uuid: ref.uuid }));
  const disk = diskOf(guest, ref.target);
  if (disk !== null) return disk;
  throw new ProblemError('not-found', problem('DISK_UNKNOWN', { target: ref.target, guest: guest.name }));
}
