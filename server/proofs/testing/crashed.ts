import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { virsh } from '../../../lab/guest.ts';
import type { CrashCase } from './crash-cases.ts';
import { spawnDashboard } from './doomed.ts';
import { alpha, contentOf, dashboardOn, folder } from './rig.ts';

/** Tests that kill the dashboard at each point of these operations, and have the next one end them. */
export function crashed(cases: readonly CrashCase[]): void {
  describe.each(cases)(
    '$what, whose dashboard is killed',
    ({ what, make, intent, bandwidth, points, depth }) => {
      test.each(points)('%s: is ended rightly by the next one', async (point) => {
        const guest = await make(`crash-${what}-${point}`.replaceAll(/[^a-z0-9]+/g, '-'));
        const before = await contentOf(guest);
        const database = join((await folder()).path, 'db.sqlite');
        const doomed = spawnDashboard({
          uris: [alpha.uri],
          database,
          uuid: guest.uuid,
          intent: intent(guest),
          bandwidth,
          point,
        });
        const [, signal] = await once(doomed, 'exit');
        expect(signal).toBe('SIGKILL');
        const { store, reached, chain, broken } = await dashboardOn(database);
        const [operation] = await store.journal.list({ limit: 1 });
        expect(await reached(operation?.id ?? '', 'succeeded', 'failed')).toMatchObject({
          state: 'succeeded',
          problem: null,
        });
        expect(chain(guest)).toHaveLength(depth);
        expect((await virsh(alpha, 'domstate', guest.uuid)).trim()).toBe(guest.state);
        expect(await contentOf(guest)).toBe(before);
        expect(broken).toEqual([]);
      });
    },
  );
}
