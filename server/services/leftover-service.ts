import { ProblemError, problem } from '../../model/problem.ts';
import type { Leftovers } from '../api/context.ts';
import type { Fleet } from '../hosts/fleet/fleet.ts';
import type { Engine } from '../operations/engine.ts';
import type { Planner } from '../operations/planner.ts';
import type { LeftoversPort } from '../ports/leftovers.ts';
import type { KeptImages } from '../store/kept-images.ts';

export interface LeftoverParts {
  readonly fleet: Fleet;
  readonly leftovers: Pick<LeftoversPort, 'find'>;
  readonly planner: Planner;
  readonly engine: Engine;
  readonly kept: KeptImages;
  /** Milliseconds since 1970. */
  now(): number;
}

/** Leftovers as the API knows them. They are searched for only on request. */
export function leftoverService({ fleet, leftovers, planner, engine, kept, now }: LeftoverParts): Leftovers {
  return {
    find: async (hostId) => ({ ...(await leftovers.find(hostId)), used: [] }),
    plan: (hostId, files) => planner.previewOnHost(hostId, { kind: 'delete', files }),
    remove: ({ hostId, files, fingerprint, actor }) =>
      engine.start({ hostId, intent: { kind: 'delete', files }, fingerprint, bandwidth: 0, actor }),
    async keep(hostId, path, actor) {
      const { leftovers: found, blocked } = await leftovers.find(hostId);
      // An image in use is kept anyway, and a mistyped path would be kept for ever.
      if (blocked.length === 0 && !found.some((one) => one.path === path)) {
        throw new ProblemError('refused', problem('LEFTOVER_UNKNOWN', { image: path }));
      }
      await kept.keep({ hostId, path, actor, at: now() });
    },
    async release(hostId, path) {
      fleet.supervisor(hostId);
      const locals = fleet.hosts().flatMap((host) => (host.local ? [host.id] : []));
      const together = locals.includes(hostId) ? locals : [hostId];
      await Promise.all(together.map((id) => kept.release(id, path)));
    },
  };
}
