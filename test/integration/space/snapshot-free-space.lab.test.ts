import { readdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { MiB } from '../../../lab/image.ts';
import { type LabGuest, tinyOf } from '../../../lab/lab.ts';
import { run } from '../../../lab/run.ts';
import { virsh } from '../../../lab/virsh.ts';
import type { Intent } from '../../../model/kinds/kinds.ts';
import type { Dashboard } from '../../support/dashboard.ts';
import { interruptedAt, type Moment } from '../../support/interrupted.ts';
import { ENDS } from '../../support/migrating.ts';
import { alpha, contentOf, dashboard, guestFor, imagesOf, lab } from '../../support/rig.ts';

const tiny = tinyOf(lab);
const TARGETS = ['vda', 'vdb'];

/** Two disks, to be snapshot onto the tiny file system at one moment. */
function twoDisks(name: string): Promise<LabGuest> {
  const layers = (target: string) => [
    { file: `${name}-${target}.qcow2`, writes: [{ pattern: 7, offset: MiB, length: MiB }] },
  ];
  return guestFor({
    name,
    disks: TARGETS.map((target) => ({ target, layers: layers(target), size: 16 * MiB })),
  });
}

const intent: Intent = {
  kind: 'snapshot',
  name: 'kept',
  description: '',
  quiesce: false,
  disks: TARGETS.map((target) => ({ target, file: join(tiny, `shot-${target}.qcow2`) })),
};

/** Somebody else's file that leaves so many bytes. */
async function fill(left: number): Promise<void> {
  const path = join(tiny, 'somebody-elses.bin');
  onTestFinished(() => rm(path, { force: true }));
  const { bavail, bsize } = await statfs(tiny);
  await run('fallocate', ['--length', String(bavail * bsize - left), path]);
}

/** One after the other: the guest is suspended for each. */
const contents = async (guest: LabGuest) => [await contentOf(guest), await contentOf(guest, 'vdb')];

async function expectUntouched(parts: Dashboard, guest: LabGuest, before: readonly string[]): Promise<void> {
  expect(TARGETS.map((target) => parts.chain(guest, target))).toEqual([
    imagesOf(guest),
    guest.disks[1]?.images,
  ]);
  expect((await readdir(tiny)).filter((name) => name.startsWith('shot-'))).toEqual([]);
  expect((await virsh(alpha, 'snapshot-list', guest.uuid, '--name')).trim()).toBe('');
  expect((await virsh(alpha, 'domstate', guest.uuid)).trim()).toBe('running');
  expect(await contents(guest)).toEqual(before);
  expect(parts.broken).toEqual([]);
}

test.each([
  ['nothing', 0],
  ['one empty image but not two', 300 * 1024],
])('a snapshot onto a file system with free space for %s is refused', async (_, left) => {
  const guest = await twoDisks(`shot-full-${left}`);
  const parts = await dashboard();
  const before = await contents(guest);
  await fill(left);
  const { refusals } = await parts.preview(guest, intent);
  expect(refusals[0]).toMatchObject({ code: 'DESTINATION_FULL', params: { folder: tiny, freeSpace: left } });
  await expect(parts.run(guest, intent)).rejects.toMatchObject({ problem: { code: 'DESTINATION_FULL' } });
  await expectUntouched(parts, guest, before);
});

test.each<[string, Moment, string]>([
  ['before its turn', 'after started', 'DESTINATION_FULL'],
  [
    'just before libvirt is called',
    { call: 'DOMAIN_SNAPSHOT_CREATE_XML', when: 'before' },
    'SNAPSHOT_REFUSED',
  ],
])(
  'a snapshot whose file system somebody fills %s fails, and leaves nothing behind',
  async (when, moment, code) => {
    const guest = await twoDisks(`shot-filled-${code.toLowerCase().replace('_', '-')}`);
    // Where libvirt gets that far, one of the two overlays is there when the other fails.
    const parts = await interruptedAt([[moment, () => fill(300 * 1024)]], [alpha.uri]);
    const before = await contents(guest);
    const { id } = await parts.run(guest, intent);
    const { problem, state } = await parts.reached(id, ...ENDS);
    expect({ state, problem }).toMatchObject({ state: 'failed', problem: { code } });
    if (when !== 'before its turn')
      expect(problem?.params).toMatchObject({ reason: expect.stringMatching(/space/i) });
    await expectUntouched(parts, guest, before);
  },
);
