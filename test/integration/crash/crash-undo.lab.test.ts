import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { virsh } from '../../../lab/virsh.ts';
import { spawnDashboard } from '../../support/doomed.ts';
import { POINTS_OF_ONE_STEP } from '../../support/fault-point.ts';
import { killPoints } from '../../support/kill-points.ts';
import { alpha, contentOf, dashboardOn, folder, imagesOf, small } from '../../support/rig.ts';

test.each(killPoints(POINTS_OF_ONE_STEP, 1))(
  'an undo, whose dashboard is killed %s: is ended correctly by the next one',
  async (point) => {
    const guest = await small(`undo-${point.replaceAll(' ', '-')}`, { state: 'shut off' });
    const before = await contentOf(guest);
    const database = join((await folder()).path, 'db.sqlite');
    const first = await dashboardOn(database);
    const flatten = await first.flatten(guest, null);
    expect(await first.reached(flatten.id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
    await first.stop();

    const intent = { kind: 'undo', target: 'vda', of: flatten.id } as const;
    const doomed = spawnDashboard({
      uris: [alpha.uri],
      database,
      uuid: guest.uuid,
      intent,
      bandwidth: 0,
      point,
    });
    expect((await once(doomed, 'exit'))[1]).toBe('SIGKILL');

    const { store, reached, chain, broken } = await dashboardOn(database);
    const [operation] = await store.journal.list({ limit: 1 });
    expect(operation?.plan.intent).toEqual(intent);
    expect(await reached(operation?.id ?? '', 'succeeded', 'failed')).toMatchObject({
      state: 'succeeded',
      problem: null,
    });
    expect(chain(guest)).toEqual(imagesOf(guest));
    expect((await virsh(alpha, 'domstate', guest.uuid)).trim()).toBe('shut off');
    expect(await contentOf(guest)).toBe(before);
    expect(broken).toEqual([]);
  },
);
