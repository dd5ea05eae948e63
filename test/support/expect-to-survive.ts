import { expect } from 'vitest';
import { virsh } from '../../lab/virsh.ts';
import type { CrashCase } from './crash-cases.ts';
import { nextLife } from './doomed.ts';
import type { FaultPoint } from './fault-point.ts';
import { alpha, contentOf } from './rig.ts';

/** Kills the dashboard at this point of the operation, and has the next dashboard end it. */
export async function expectToSurvive(
  { what, make, intent, bandwidth, depth, expected }: CrashCase,
  point: FaultPoint,
): Promise<void> {
  const guest = await make(`crash-${what}-${point}`.replaceAll(/[^a-z0-9]+/g, '-'));
  const before = await contentOf(guest);
  const { id, reached, chain, broken } = await nextLife(guest, {
    intent: intent(guest),
    // Slow enough to die in the middle, however busy the machine is.
    bandwidth: point.startsWith('during') ? bandwidth / 8 : bandwidth,
    point,
  });
  expect(await reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded', problem: null });
  expect(chain(guest)).toHaveLength(depth);
  expect((await virsh(alpha, 'domstate', guest.uuid)).trim()).toBe(guest.state);
  expect(await contentOf(guest)).toBe(before);
  await expected?.(guest);
  expect(broken).toEqual([]);
}
