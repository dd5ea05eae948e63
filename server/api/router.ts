import { chains } from './chains.ts';
import { doctor } from './doctor.ts';
import { events } from './events.ts';
import { guests } from './guests.ts';
import { hosts } from './hosts.ts';
import { images } from './images.ts';
import { leftovers } from './leftovers.ts';
import { operations } from './operations.ts';
import { plans } from './plans.ts';
import { pools } from './pools.ts';
import { snapshots } from './snapshots.ts';
import { router } from './trpc.ts';

export const appRouter = router({
  hosts,
  guests,
  chains,
  images,
  leftovers,
  plans,
  operations,
  snapshots,
  pools,
  doctor,
  events,
});

export type AppRouter = typeof appRouter;
