import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { digest } from '../../../lab/content.ts';
import { freezeQemu, killDaemon, killQemu, startDaemon, thawQemu } from '../../../lab/faults.ts';
import { MiB } from '../../../lab/image.ts';
import type { LabGuest } from '../../../lab/lab.ts';
import { until } from '../../../lab/process.ts';
import { virsh } from '../../../lab/virsh.ts';
import type { Intent } from '../../../model/kinds/kinds.ts';
import type { Dashboard } from '../../support/dashboard.ts';
import { interruptedAt, type Moment } from '../../support/interrupted.ts';
import {
  chainThere,
  contentThere,
  ENDS,
  fileThere,
  isFile,
  toBeta,
  traveller,
} from '../../support/migrating.ts';
import { alpha, beta, contentOf, guestFor, imagesOf, lab } from '../../support/rig.ts';

// Steps of one call: whatever dies on either side of it or in the middle, it is done once.

/** The daemon is killed, and comes back once the dashboard has seen that it is gone. */
async function daemonBack({ fleet }: Dashboard): Promise<void> {
  await until('the loss', async () => fleet.hosts().some(({ state }) => state === 'lost'));
  await startDaemon(lab, beta);
}

/** libvirt did it, and nobody has heard of that. */
const UNHEARD = 'before step-running 0';
const recordsOf = async ({ uuid }: LabGuest) => (await virsh(beta, 'snapshot-list', uuid, '--name')).trim();

describe('the forgetting of two snapshot records', () => {
  const MOMENTS: readonly Moment[] = [UNHEARD, { call: 'DOMAIN_SNAPSHOT_DELETE', when: 'after' }];
  const intent: Intent = { kind: 'forget', names: ['first', 'second'] };

  function recorded(name: string) {
    const layers = [0, 1, 2].map((level) => ({
      file: `${name}-${level}.qcow2`,
      writes: [{ pattern: level + 1, offset: level * MiB, length: MiB }],
      ...(level === 0 ? {} : { snapshot: level === 1 ? 'first' : 'second' }),
    }));
    return guestFor({ name, host: 'beta', disks: [{ layers, size: 16 * MiB }] });
  }

  async function expectForgotten(parts: Dashboard, guest: LabGuest, id: string, before: string) {
    expect(await parts.reached(id, ...ENDS)).toMatchObject({ state: 'succeeded', problem: null });
    expect(await recordsOf(guest)).toBe('');
    expect(parts.chain(guest)).toEqual(imagesOf(guest));
    expect(await contentOf(guest)).toBe(before);
    expect(parts.broken).toEqual([]);
  }

  test.each(MOMENTS.map((moment, i) => [moment, i] as const))(
    'outlives libvirtd, killed at %j',
    async (moment, i) => {
      const guest = await recorded(`forget-daemon-${i}`);
      const before = await contentOf(guest);
      const parts = await interruptedAt([[moment, () => killDaemon(lab, beta)]], [beta.uri]);
      const { id } = await parts.run(guest, intent);
      await daemonBack(parts);
      await expectForgotten(parts, guest, id, before);
    },
  );

  test('does without QEMU, killed between the two', async () => {
    const guest = await recorded('forget-qemu');
    const before = await contentOf(guest);
    const parts = await interruptedAt(
      [[{ call: 'DOMAIN_SNAPSHOT_DELETE', when: 'after' }, () => killQemu(lab, guest)]],
      [beta.uri],
    );
    const { id } = await parts.run(guest, intent);
    await expectForgotten(parts, guest, id, before);
  });
});

describe('a snapshot', () => {
  const fileOf = ({ name }: LabGuest) => join(beta.images, `${name}-new.qcow2`);
  const intent = (guest: LabGuest): Intent => ({
    kind: 'snapshot',
    name: 'kept',
    description: '',
    quiesce: false,
    disks: [{ target: 'vda', file: fileOf(guest) }],
  });

  async function shootable(name: string) {
    const guest = await guestFor({ name, host: 'beta', disks: [{ layers: 2, size: 16 * MiB }] });
    onTestFinished(() => rm(fileOf(guest), { force: true }));
    return guest;
  }

  /** Once: one overlay, which one record names. */
  async function expectTaken({ chain }: Dashboard, guest: LabGuest): Promise<void> {
    expect(chain(guest)).toEqual([fileOf(guest), ...imagesOf(guest)]);
    expect(await recordsOf(guest)).toBe('kept');
  }

  test('outlives libvirtd, killed before its answer is read', async () => {
    const guest = await shootable('shoot-daemon');
    const before = await contentOf(guest);
    const parts = await interruptedAt([[UNHEARD, () => killDaemon(lab, beta)]], [beta.uri]);
    const { id } = await parts.run(guest, intent(guest));
    await daemonBack(parts);
    expect(await parts.reached(id, ...ENDS)).toMatchObject({ state: 'succeeded', problem: null });
    await expectTaken(parts, guest);
    expect(await contentOf(guest)).toBe(before);
    expect(parts.broken).toEqual([]);
  });

  /** libvirtd has the call, and waits for a QEMU that answers nothing. */
  async function withinCall(guest: LabGuest, happens: () => Promise<void>): Promise<Dashboard> {
    const begun = async () => {
      const isAtIt = async () => !(await virsh(beta, 'domcontrol', guest.uuid)).startsWith('ok');
      await until('libvirtd to be at it', isAtIt);
      await happens();
    };
    const parts = await interruptedAt(
      [
        ['after step-intended 0', () => freezeQemu(lab, guest)],
        [{ call: 'DOMAIN_SNAPSHOT_CREATE_XML', when: 'within' }, begun],
      ],
      [beta.uri],
    );
    onTestFinished(() => thawQemu(lab, guest).catch(() => undefined));
    return parts;
  }

  test('is taken once if libvirtd is killed in the middle', async () => {
    const guest = await shootable('shoot-middle');
    const before = await contentOf(guest);
    const parts = await withinCall(guest, () => killDaemon(lab, beta));
    const { id } = await parts.run(guest, intent(guest));
    await until('the loss', async () => parts.fleet.hosts().some(({ state }) => state === 'lost'));
    await thawQemu(lab, guest);
    await startDaemon(lab, beta);
    expect(await parts.reached(id, ...ENDS)).toMatchObject({ state: 'succeeded', problem: null });
    await expectTaken(parts, guest);
    expect(await contentOf(guest)).toBe(before);
    expect(parts.broken).toEqual([]);
  });

  test('fails if QEMU is killed in the middle, and leaves the chain unchanged', async () => {
    const guest = await shootable('shoot-killed');
    const before = await contentOf(guest);
    const parts = await withinCall(guest, () => killQemu(lab, guest));
    const { id } = await parts.run(guest, intent(guest));
    expect(await parts.reached(id, ...ENDS)).toMatchObject({
      state: 'failed',
      problem: { code: 'SNAPSHOT_REFUSED' },
    });
    expect(parts.chain(guest)).toEqual(imagesOf(guest));
    expect([await isFile(fileOf(guest)), await recordsOf(guest)]).toEqual([false, '']);
    expect(await digest(imagesOf(guest)[0] ?? '')).toBe(before);
    expect(parts.broken).toEqual([]);
  });

  test('after which QEMU is killed is done', async () => {
    const guest = await shootable('shoot-after');
    const before = await contentOf(guest);
    const parts = await interruptedAt([[UNHEARD, () => killQemu(lab, guest)]], [beta.uri]);
    const { id } = await parts.run(guest, intent(guest));
    expect(await parts.reached(id, ...ENDS)).toMatchObject({ state: 'succeeded', problem: null });
    await expectTaken(parts, guest);
    expect(await contentOf(guest)).toBe(before);
  });
});

describe('the overlay at the destination of a migration', () => {
  const MOMENTS: readonly Moment[] = [UNHEARD, { call: 'STORAGE_VOL_CREATE_XML', when: 'within' }];

  const simple = (name: string) => traveller({ name, disks: [{ layers: 2, size: 16 * MiB }] });

  test.each(MOMENTS.map((moment, i) => [moment, i] as const))(
    'is made once though the daemon there is killed at %j',
    async (moment, i) => {
      const guest = await simple(`overlay-daemon-${i}`);
      const before = await contentOf(guest);
      const parts = await interruptedAt([[moment, () => killDaemon(lab, beta)]], [alpha.uri, beta.uri]);
      const { id } = await parts.run(guest, toBeta(parts));
      await daemonBack(parts);
      expect(await parts.reached(id, ...ENDS)).toMatchObject({ state: 'succeeded', problem: null });
      expect(chainThere(parts, guest)).toEqual([fileThere(guest)]);
      expect(await contentThere(guest)).toBe(before);
      expect(parts.broken).toEqual([]);
    },
  );

  test('goes again where the guest’s QEMU is killed once it is made', async () => {
    const guest = await simple('overlay-qemu');
    const before = await contentOf(guest);
    // Before libvirt notices, it refuses the migration in words of its own.
    const end = async () => {
      await killQemu(lab, guest);
      await until('the end', async () => (await virsh(alpha, 'domstate', guest.uuid)).includes('shut off'));
    };
    const parts = await interruptedAt([[UNHEARD, end]], [alpha.uri, beta.uri]);
    const { id } = await parts.run(guest, toBeta(parts));
    expect(await parts.reached(id, ...ENDS)).toMatchObject({
      state: 'failed',
      problem: { code: 'MIGRATE_NOT_RUNNING' },
      steps: [{ state: 'undone' }, { state: 'failed' }, { state: 'waiting' }],
    });
    expect(await isFile(fileThere(guest))).toBe(false);
    expect(await contentOf(guest)).toBe(before);
    expect(parts.broken).toEqual([]);
  });
});
