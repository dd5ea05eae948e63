import { describe, expect, test } from 'vitest';
import { killDaemon, killQemu, startDaemon } from '../../../lab/faults.ts';
import type { LabHost } from '../../../lab/lab.ts';
import { until } from '../../../lab/process.ts';
import { verifyWriter, waitForWrites, writerSpec } from '../../../lab/writer.ts';
import { chainThere, ENDS, fileThere, isOn, onBeta, toBeta, traveller } from '../../support/migrating.ts';
import { alpha, beta, dashboard, imagesOf, jobOf, lab, SLOW } from '../../support/rig.ts';

describe('after the switch, while the storage follows a guest that writes:', () => {
  async function following(name: string) {
    const guest = await traveller(writerSpec(lab.dir, { name }));
    await waitForWrites(guest, 20);
    const parts = await dashboard(alpha, beta);
    const { id } = await parts.run(guest, toBeta(parts), SLOW);
    await until('the switch', () => isOn(beta, guest));
    await until('the pull', async () => (await jobOf(onBeta(guest))).includes('bytes/s'));
    await waitForWrites(guest, 20);
    return { guest, parts, id };
  }

  async function expectWhole(guest: Awaited<ReturnType<typeof following>>['guest']): Promise<void> {
    await waitForWrites(guest, 20);
    expect(await verifyWriter(lab, onBeta(guest))).toMatchObject({ lost: [], errors: [] });
    expect(await isOn(alpha, guest)).toBe(false);
  }

  test('a cancel ends the pull; the guest stays there, on the images of the source', async () => {
    const { guest, parts, id } = await following('sw-cancel');
    await parts.engine.cancel(id, 'tester');
    const operation = await parts.reached(id, ...ENDS);
    expect(operation).toMatchObject({ state: 'cancelled', problem: null });
    expect(chainThere(parts, guest)).toEqual([fileThere(guest), ...imagesOf(guest)]);
    expect(await jobOf(onBeta(guest))).toBe('');
    await expectWhole(guest);
    expect(parts.broken).toEqual([]);
  });

  test.each<[string, LabHost]>([
    ['destination', beta],
    ['source', alpha],
  ])('the end of the %s’s daemon is outlived', async (which, host) => {
    const { guest, parts, id } = await following(`sw-${which}`);
    await killDaemon(lab, host);
    await until('the loss', async () => parts.fleet.hosts().some(({ state }) => state === 'lost'));
    await waitForWrites(guest, 20);
    await startDaemon(lab, host);
    const back = async () => parts.fleet.hosts().every(({ state }) => state === 'connected');
    await until('the host to be back', back);
    await parts.engine.setSpeed(id, 0, 'tester');
    expect(await parts.reached(id, ...ENDS)).toMatchObject({ state: 'succeeded', problem: null });
    expect(chainThere(parts, guest)).toEqual([fileThere(guest)]);
    await expectWhole(guest);
    expect(parts.broken).toEqual([]);
  });

  test('the end of its QEMU ends the operation, and no write that was logged is lost', async () => {
    const { guest, parts, id } = await following('sw-qemu');
    await killQemu(lab, onBeta(guest));
    expect(await parts.reached(id, ...ENDS)).toMatchObject({
      state: 'failed',
      problem: { code: 'GUEST_STOPPED' },
    });
    expect(await verifyWriter(lab, onBeta(guest))).toMatchObject({ lost: [], errors: [] });
    expect(await isOn(alpha, guest)).toBe(false);
    expect(await isOn(beta, guest)).toBe(true);
    expect(parts.broken).toEqual([]);
  });
});
