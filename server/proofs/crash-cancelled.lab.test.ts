import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { virsh } from '../../lab/guest.ts';
import { crashCases } from './testing/crash-cases.ts';
import { spawnDashboard } from './testing/doomed.ts';
import type { FaultPoint } from './testing/fault-point.ts';
import { alpha, contentOf, dashboardOn, folder, imagesOf, jobOf, SLOW } from './testing/rig.ts';

describe.each(crashCases.filter(({ points }) => points.includes('during 0')))(
  '$what, whose dashboard is killed when it was asked to cancel',
  ({ what, make, intent }) => {
    test.each<FaultPoint>(['after cancel-asked', 'before ended'])('%s: is cancelled', async (point) => {
      const guest = await make(`off-${what}-${point}`.replaceAll(/[^a-z0-9]+/g, '-'));
      const before = await contentOf(guest);
      const database = join((await folder()).path, 'db.sqlite');
      const doomed = spawnDashboard({
        uris: [alpha.uri],
        database,
        uuid: guest.uuid,
        intent: intent(guest),
        bandwidth: SLOW,
        cancels: true,
        point,
      });
      expect((await once(doomed, 'exit'))[1]).toBe('SIGKILL');
      const { store, reached, chain, broken } = await dashboardOn(database);
      const [operation] = await store.journal.list({ limit: 1 });
      expect(await reached(operation?.id ?? '', 'succeeded', 'failed', 'cancelled')).toMatchObject({
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
