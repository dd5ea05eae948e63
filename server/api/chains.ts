import { diskOf } from '../../model/guest.ts';
import { ProblemError, problem } from '../../model/problem.ts';
import { diskRef } from './inputs.ts';
import { procedure, router } from './trpc.ts';

export const chains = router({
  get: procedure.input(diskRef).query(({ ctx, input }) => {
    const guest = ctx.fleet.guest(input);
    if (guest === null) throw new ProblemError('not-found', problem('GUEST_UNKNOWN', { uuid: input.uuid }));
    const disk = diskOf(guest, input.target);
    if (disk === null) {
      throw new ProblemError(
        'not-found',
        problem('DISK_UNKNOWN', { target: input.target, guest: guest.name }),
      );
    }
    return disk;
  }),
});
