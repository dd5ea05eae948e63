import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { killDaemon, startDaemon, startDaemonWithout } from '../../../lab/faults.ts';
import type { GuestSpec } from '../../../lab/guest-spec.ts';
import { MiB } from '../../../lab/image.ts';
import type { LabGuest } from '../../../lab/lab.ts';
import { virsh } from '../../../lab/virsh.ts';
import type { MigrateIntent } from '../../../model/plans/migrate/migrate-intent.ts';
import { guestOf } from '../../../model/plans/plan.ts';
import type { Dashboard } from '../../support/dashboard.ts';
import { fileThere, isFile, toBeta, traveller } from '../../support/migrating.ts';
import { alpha, beta, dashboard, lab } from '../../support/rig.ts';

describe('a migration is refused, with nothing done:', () => {
  interface Bad {
    readonly what: string;
    readonly code: string;
    readonly intent: (parts: Dashboard, guest: LabGuest) => Partial<MigrateIntent>;
    readonly hinder?: (guest: LabGuest) => Promise<unknown>;
    readonly spec?: Partial<GuestSpec>;
  }
  const at = (file: string, from?: string): Partial<MigrateIntent> => ({
    disks: [{ target: 'vda', file, from }],
  });
  const defined = async (guest: LabGuest, change: (xml: string) => string) => {
    const path = join(lab.dir, `${guest.name}.xml`);
    await writeFile(path, change(await virsh(alpha, 'dumpxml', guest.uuid, '--inactive')));
    await virsh(beta, 'define', path);
  };
  const cases: readonly Bad[] = [
    { what: 'the same host', code: 'MIGRATE_SAME_HOST', intent: ({ hostId }) => ({ to: hostId }) },
    {
      what: 'a file that exists',
      code: 'DESTINATION_EXISTS',
      intent: (_, guest) => at(join(beta.images, `${guest.name}-there.qcow2`)),
      hinder: async (guest) => {
        const path = join(beta.images, `${guest.name}-there.qcow2`);
        await writeFile(path, 'somebody’s');
        onTestFinished(() => rm(path));
      },
    },
    { what: 'a relative path', code: 'DESTINATION_RELATIVE', intent: () => at('there.qcow2') },
    { what: 'no path', code: 'DESTINATION_EMPTY', intent: () => at('') },
    { what: 'a path with ..', code: 'DESTINATION_NOT_PLAIN', intent: () => at(`${beta.images}/../x.qcow2`) },
    {
      what: 'a folder',
      code: 'DESTINATION_IS_FOLDER',
      intent: (_, guest) => at(join(beta.images, guest.name)),
      hinder: async (guest) => {
        await mkdir(join(beta.images, guest.name));
        onTestFinished(() => rm(join(beta.images, guest.name), { recursive: true }));
      },
    },
    {
      what: 'a folder that is no pool',
      code: 'DESTINATION_NOT_IN_POOL',
      intent: () => at(join(lab.dir, 'x.qcow2')),
    },
    { what: 'no such folder', code: 'DESTINATION_NO_FOLDER', intent: () => at('/no/such/x.qcow2') },
    {
      what: 'an image that is not there',
      code: 'IMAGE_NOT_THERE',
      intent: (_, guest) => at(fileThere(guest), join(lab.dir, 'nothing.qcow2')),
    },
    {
      what: 'another image of that name',
      code: 'IMAGE_DIFFERS',
      intent: (_, guest) => at(fileThere(guest), guest.disks[0]?.images[1]),
    },
    {
      what: 'a disk that there is not',
      code: 'DISK_UNKNOWN',
      intent: () => ({ disks: [{ target: 'vdz', file: null }] }),
    },
    {
      what: 'a name that is taken there',
      code: 'GUEST_NAME_TAKEN',
      intent: () => ({}),
      hinder: async (guest) => {
        await defined(guest, (xml) => xml.replace(/<uuid>.*<\/uuid>/, ''));
        onTestFinished(async () => void (await virsh(beta, 'undefine', guest.name)));
      },
    },
    {
      what: 'a UUID that is known there',
      code: 'GUEST_KNOWN_THERE',
      intent: () => ({}),
      hinder: async (guest) => {
        await defined(guest, (xml) => xml);
        onTestFinished(async () => void (await virsh(beta, 'undefine', guest.name)));
      },
    },
    {
      what: 'a CPU that the destination has not',
      code: 'CPU_INCOMPATIBLE',
      intent: () => ({}),
      spec: { hostCpu: true },
      hinder: async () => {
        await killDaemon(lab, beta);
        // Of every guest's CPU here, translated or not.
        await startDaemonWithout(lab, beta, 'lahf-lm');
        onTestFinished(async () => {
          await killDaemon(lab, beta);
          await startDaemon(lab, beta);
        });
      },
    },
    {
      what: 'a block job',
      code: 'JOB_RUNNING',
      intent: () => ({}),
      hinder: async (guest) => {
        await virsh(alpha, 'blockpull', guest.uuid, 'vda', '--bandwidth', '1');
        onTestFinished(async () => void (await virsh(alpha, 'blockjob', guest.uuid, 'vda', '--abort')));
      },
    },
    {
      what: 'a guest that is off',
      code: 'MIGRATE_NOT_RUNNING',
      intent: () => ({}),
      hinder: (guest) => virsh(alpha, 'destroy', guest.uuid),
    },
  ];

  test.each(cases)('$what', async ({ what, code, intent, hinder, spec }) => {
    const layer = (level: number) => ({
      file: `bad-${what.replaceAll(/[^a-z]/g, '')}-${level}.qcow2`,
      writes: [{ pattern: 1, offset: level * 32 * MiB, length: 32 * MiB }],
    });
    const disks = [{ layers: [layer(0), layer(1)], size: 64 * MiB }];
    const guest = await traveller({ name: `bad-${what.replaceAll(/[^a-z]/g, '')}`, disks, ...spec });
    await hinder?.(guest);
    const parts = await dashboard(alpha, beta);
    const wanted = toBeta(parts, intent(parts, guest));
    const plan = await parts.preview(guest, wanted);
    const { refusals, fingerprint } = plan;
    const ref = guestOf(plan);
    expect(refusals.map((refusal) => refusal.code)).toContain(code);
    const request = { guest: ref, intent: wanted, fingerprint, bandwidth: 0, actor: 'tester' };
    await expect(parts.engine.start(request)).rejects.toMatchObject({ problem: { code } });
    expect(await parts.store.journal.list({ limit: 1 })).toEqual([]);
    expect(await isFile(fileThere(guest))).toBe(false);
  });
});
