import { stat } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { virsh } from '../../../lab/virsh.ts';
import { crashCases } from '../../support/crash-cases.ts';
import { nextLife } from '../../support/doomed.ts';
import type { FaultPoint } from '../../support/fault-point.ts';
import { killPoints } from '../../support/kill-points.ts';
import { alpha, contentOf, imagesOf, jobOf, SLOW } from '../../support/rig.ts';

const CASES = crashCases.filter(({ points }) => points.includes('during 0'));
const POINTS: readonly FaultPoint[] = ['after cancel-asked', 'before ended'];

describe.each(CASES)(
  '$what, whose dashboard is killed when it was asked to cancel',
  ({ what, make, intent }) => {
    const turn = CASES.findIndex((one) => one.what === what);
    test.each(killPoints(POINTS, turn))('%s: is cancelled', async (point) => {
      const guest = await make(`off-${what}-${point}`.replaceAll(/[^a-z0-9]+/g, '-'));
      const before = await contentOf(guest);
      const { id, reached, chain, broken } = await nextLife(guest, {
        intent: intent(guest),
        bandwidth: SLOW,
        cancels: true,
        point,
      });
      expect(await reached(id, 'succeeded', 'failed', 'cancelled')).toMatchObject({
        state: 'cancelled',
        problem: null,
      });
      expect(chain(guest)).toEqual(imagesOf(guest));
      if (guest.state === 'running') expect(await jobOf(guest)).toBe('');
      const made = guest.files.filter((path) => !imagesOf(guest).includes(path));
      for (const path of made) await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
      expect((await virsh(alpha, 'domstate', guest.uuid)).trim()).toBe(guest.state);
      expect(await contentOf(guest)).toBe(before);
      expect(broken).toEqual([]);
    });
  },
);
