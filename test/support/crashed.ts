import { describe, expect, test } from 'vitest';
import { virsh } from '../../lab/guest.ts';
import type { CrashCase } from './crash-cases.ts';
import { nextLife } from './doomed.ts';
import { alpha, contentOf } from './rig.ts';

/** Tests that kill the dashboard at each point of these operations, and have the next one end them. */
export function crashed(cases: readonly CrashCase[]): void {
  describe.each(cases)(
    '$what, whose dashboard is killed',
    ({ what, make, intent, bandwidth, points, depth, expected }) => {
      test.each(points)('%s: is ended correctly by the next one', async (point) => {
        const guest = await make(`crash-${what}-${point}`.replaceAll(/[^a-z0-9]+/g, '-'));
        const before = await contentOf(guest);
        const { id, reached, chain, broken } = await nextLife(guest, {
          intent: intent(guest),
          // Slow enough to die in the middle, however busy the machine is.
          bandwidth: point.startsWith('during') ? bandwidth / 8 : bandwidth,
          point,
        });
        expect(await reached(id, 'succeeded', 'failed')).toMatchObject({
          state: 'succeeded',
          problem: null,
        });
        expect(chain(guest)).toHaveLength(depth);
        expect((await virsh(alpha, 'domstate', guest.uuid)).trim()).toBe(guest.state);
        expect(await contentOf(guest)).toBe(before);
        await expected?.(guest);
        expect(broken).toEqual([]);
      });
    },
  );
}
