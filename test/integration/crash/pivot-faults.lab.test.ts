import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { killDaemon, killQemu, startDaemon } from '../../../lab/faults.ts';
import { MiB } from '../../../lab/image.ts';
import type { LabGuest } from '../../../lab/lab.ts';
import { until } from '../../../lab/process.ts';
import type { Intent } from '../../../model/kinds/kinds.ts';
import { beta, contentOf, dashboard, jobOf, lab, pullable, SLOW } from '../../support/rig.ts';

const STRATEGIES: readonly {
  what: string;
  intent: (guest: LabGuest) => Intent;
  grows: (guest: LabGuest) => string;
}[] = [
  {
    what: 'merge',
    intent: (guest) => {
      const images = guest.disks[0]?.images ?? [];
      const ends = { top: images[0] ?? '', base: images[3] ?? '' };
      return { kind: 'merge-down', target: 'vda', ...ends, forgetAfter: true };
    },
    grows: (guest) => guest.disks[0]?.images[3] ?? '',
  },
  {
    what: 'copy',
    intent: (guest) => ({ kind: 'move', target: 'vda', file: newOf(guest), strategy: 'copy' }),
    grows: newOf,
  },
];

function newOf(guest: LabGuest): string {
  const file = join(beta.images, `${guest.name}-new.qcow2`);
  if (!guest.files.includes(file)) guest.files.push(file);
  return file;
}

describe.each(STRATEGIES)('a $what with a pivot', ({ what, intent, grows }) => {
  test.each([
    { when: 'half way', bandwidth: SLOW },
    { when: 'until it is ready', bandwidth: 16 * MiB },
  ])('continues while libvirtd is down $when, and is ended correctly', async ({ when, bandwidth }) => {
    const guest = await pullable(`pivot-${what}-${bandwidth}`, { host: 'beta' });
    const parts = await dashboard(beta);
    const before = await contentOf(guest);
    const { id } = await parts.run(guest, intent(guest), bandwidth);
    await parts.sampled(id);
    await killDaemon(lab, beta);
    await until('the loss to be seen', async () => parts.fleet.hosts()[0]?.state === 'lost');
    if (when !== 'half way') {
      const allThere = async () => (await stat(grows(guest))).blocks * 512 >= 33 * MiB;
      await until('QEMU to have copied all', allThere);
    }
    expect((await parts.operation(id)).state).toBe('running');
    await startDaemon(lab, beta);
    await until('the host to be back', async () => parts.fleet.hosts()[0]?.state === 'connected');
    // It may be over by then, and QEMU refuses while a job ends.
    await parts.engine.setSpeed(id, 0, 'tester').catch((error: unknown) => {
      expect(error).toMatchObject({
        problem: { code: expect.stringMatching(/^(OPERATION_OVER|SPEED_REFUSED)$/) },
      });
    });
    expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({
      state: 'succeeded',
      problem: null,
    });
    expect(parts.chain(guest)).toEqual([grows(guest)]);
    expect(await contentOf(guest)).toBe(before);
    expect(await jobOf(guest)).toBe('');
    expect(parts.broken).toEqual([]);
  });

  test('is ended by a QEMU that is killed while libvirtd is down', async () => {
    const guest = await pullable(`pivot-${what}-both`, { host: 'beta' });
    const parts = await dashboard(beta);
    const { id } = await parts.run(guest, intent(guest), SLOW);
    await parts.sampled(id);
    await killDaemon(lab, beta);
    await killQemu(lab, guest);
    await until('the loss to be seen', async () => parts.fleet.hosts()[0]?.state === 'lost');
    await startDaemon(lab, beta);
    expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({
      state: 'failed',
      problem: { code: 'GUEST_STOPPED' },
    });
    expect(parts.chain(guest)).toEqual(guest.disks[0]?.images);
    if (what === 'copy') await expect(stat(grows(guest))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(parts.broken).toEqual([]);
  });
});
