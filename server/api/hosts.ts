import { z } from 'zod';
import { hostId, hostUri } from './inputs.ts';
import { procedure, router } from './trpc.ts';

export const hosts = router({
  list: procedure.query(({ ctx }) => ctx.fleet.hosts()),
  add: procedure
    .input(z.strictObject({ uri: hostUri }))
    .mutation(({ ctx, input }) => ctx.fleet.addHost(input.uri)),
  remove: procedure
    .input(z.strictObject({ hostId }))
    .mutation(({ ctx, input }) => ctx.fleet.removeHost(input.hostId)),
  test: procedure
    .input(z.strictObject({ uri: hostUri }))
    .mutation(({ ctx, input }) => ctx.fleet.testHost(input.uri)),
});
