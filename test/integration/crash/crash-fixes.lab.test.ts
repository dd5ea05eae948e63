import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { killDaemon, startDaemon } from '../../../lab/faults.ts';
import { until } from '../../../lab/process.ts';
import { virsh } from '../../../lab/virsh.ts';
import type { Journal } from '../../../server/ports/journal.ts';
import { openDashboard } from '../../support/dashboard.ts';
import { expectToSurvive } from '../../support/expect-to-survive.ts';
import { fixCases } from '../../support/fix-cases.ts';
import { killPoints } from '../../support/kill-points.ts';
import { beta, contentOf, folder, lab } from '../../support/rig.ts';

// One call each, so that these are all that differ: not made, made and not written down, written down.
const points = ['after step-intended 0', 'before step-running 0', 'before step-done 0'] as const;
describe.each(fixCases)('$what, whose dashboard is killed', (fix) => {
  test.each(killPoints(points, fixCases.indexOf(fix)))('%s: is ended correctly by the next one', (point) =>
    expectToSurvive({ ...fix, bandwidth: 0, points }, point),
  );
});

/** A journal that has something done before the first step's intention is written. */
function interrupted(journal: Journal, work: () => Promise<void>): Journal {
  let isDone = false;
  return {
    entries: (id) => journal.entries(id),
    unfinished: () => journal.unfinished(),
    async append(id, events, at) {
      const now = !isDone && events.some(({ kind }) => kind === 'step-intended');
      isDone ||= now;
      if (now) await work();
      return journal.append(id, events, at);
    },
  };
}

test.each(fixCases)(
  '$what continues when libvirtd, which is killed right before the call, is back',
  async ({ what, make, intent, depth, expected }) => {
    const guest = await make(`down-${what}`.replaceAll(/[^a-z0-9]+/g, '-'), 'beta');
    const before = await contentOf(guest);
    const parts = await openDashboard({
      uris: [beta.uri],
      database: join((await folder()).path, 'db.sqlite'),
      journalOf: (journal) => interrupted(journal, () => killDaemon(lab, beta)),
    });
    onTestFinished(parts.stop);
    const { id } = await parts.run(guest, intent(guest));
    await until('the loss to be seen', async () => parts.fleet.hosts()[0]?.state === 'lost');
    await startDaemon(lab, beta);
    expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({
      state: 'succeeded',
      problem: null,
    });
    await until('the host to be back', async () => parts.fleet.hosts()[0]?.state === 'connected');
    expect(parts.chain(guest)).toHaveLength(depth);
    expect((await virsh(beta, 'domstate', guest.uuid)).trim()).toBe(guest.state);
    expect(await contentOf(guest)).toBe(before);
    await expected(guest);
    expect(parts.broken).toEqual([]);
  },
);
