import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { killDaemon, killQemu, startDaemon } from '../../../lab/faults.ts';
import type { LabGuest } from '../../../lab/lab.ts';
import { until } from '../../../lab/process.ts';
import { verifyWriter, waitForWrites, writerSpec } from '../../../lab/writer.ts';
import type { Intent } from '../../../model/kinds/kinds.ts';
import { flattenTo } from '../../../model/testing.ts';
import { killPoints } from '../../support/kill-points.ts';
import { beta, dashboard, guestFor, imagesOf, jobOf, lab, SLOW } from '../../support/rig.ts';

/** What is done to the disk of a guest that writes all through, and which images it has in the end. */
const CASES: readonly {
  readonly what: string;
  readonly intent: (guest: LabGuest) => Intent;
  readonly after: (guest: LabGuest) => readonly string[];
}[] = [
  {
    what: 'flatten',
    intent: (guest) => flattenTo(imagesOf(guest)[2] ?? ''),
    after: (guest) => imagesOf(guest).toSpliced(1, 1),
  },
  {
    what: 'merge down',
    intent: (guest) => merging(guest, 1),
    after: (guest) => imagesOf(guest).toSpliced(1, 1),
  },
  {
    what: 'merge down of all',
    intent: (guest) => merging(guest, 0),
    after: (guest) => imagesOf(guest).slice(2),
  },
  { what: 'move by copy', intent: (guest) => moving(guest, 'copy'), after: (guest) => [newFile(guest)] },
  { what: 'move by pull', intent: (guest) => moving(guest, 'pull'), after: (guest) => [newFile(guest)] },
];

function merging(guest: LabGuest, top: number): Intent {
  const [from = '', to = ''] = [imagesOf(guest)[top], imagesOf(guest)[2]];
  return { kind: 'merge-down', target: 'vda', top: from, base: to, forgetAfter: true };
}

const newFile = ({ name }: LabGuest) => join(beta.images, `${name}-new.qcow2`);

const moving = (guest: LabGuest, strategy: 'copy' | 'pull'): Intent => ({
  kind: 'move',
  target: 'vda',
  file: newFile(guest),
  strategy,
});

describe.each(CASES)('a $what under a guest that writes', (one) => {
  const { what, intent, after } = one;
  const killed = killPoints(['libvirtd', 'QEMU'], CASES.indexOf(one));

  async function underWay(how: string) {
    const name = `through-${what}-${how}`.replaceAll(' ', '-');
    const guest = await guestFor(writerSpec(lab.dir, { host: 'beta', name }));
    guest.files.push(newFile(guest));
    await waitForWrites(guest, 20);
    const parts = await dashboard(beta);
    const { id } = await parts.run(guest, intent(guest), SLOW);
    await parts.sampled(id);
    return { guest, parts, id };
  }

  async function outlivesDaemon() {
    const { guest, parts, id } = await underWay('daemon');
    await killDaemon(lab, beta);
    await until('the loss to be seen', async () => parts.fleet.hosts()[0]?.state === 'lost');
    await waitForWrites(guest, 20);
    await startDaemon(lab, beta);
    await until('the host to be back', async () => parts.fleet.hosts()[0]?.state === 'connected');
    await parts.engine.setSpeed(id, 0, 'tester');
    expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({
      state: 'succeeded',
      problem: null,
    });
    await waitForWrites(guest, 20);
    expect(await verifyWriter(lab, guest)).toMatchObject({ lost: [], errors: [] });
    expect(parts.chain(guest)).toEqual(after(guest));
    expect(await jobOf(guest)).toBe('');
    expect(parts.broken).toEqual([]);
  }

  async function endsWithQemu() {
    const { guest, parts, id } = await underWay('qemu');
    await waitForWrites(guest, 20);
    await killQemu(lab, guest);
    expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({
      state: 'failed',
      problem: { code: 'GUEST_STOPPED' },
    });
    expect(await verifyWriter(lab, guest)).toMatchObject({ lost: [], errors: [] });
    expect(parts.broken).toEqual([]);
  }

  if (killed.includes('libvirtd')) test('outlives libvirtd, and so does every write', outlivesDaemon);
  if (killed.includes('QEMU')) test('ends with its QEMU, and no write that was logged is lost', endsWithQemu);
});
