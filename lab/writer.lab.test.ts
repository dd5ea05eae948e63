import { expect, onTestFinished, test } from 'vitest';
import { killQemu } from './faults.ts';
import { createGuest, destroyGuest } from './guest.ts';
import { MiB } from './image.ts';
import { hostOf, type LabGuest } from './lab.ts';
import { liveChains } from './live-chain.ts';
import { until } from './process.ts';
import { run } from './run.ts';
import { virsh } from './virsh.ts';
import { lab } from './vitest-lab.ts';
import { verifyWriter, waitForWrites, writerSpec } from './writer.ts';
import { lbaOf } from './writer-log.ts';

const alpha = hostOf(lab, 'alpha');

async function createWriter(name: string): Promise<LabGuest> {
  const guest = await createGuest(lab, writerSpec(lab.dir, { name }));
  onTestFinished(() => destroyGuest(lab, guest));
  await waitForWrites(guest, 50);
  return guest;
}

test('a throttled pull under the writing guest loses nothing', async () => {
  const guest = await createWriter('writer-pull');
  const [active = '', , base = ''] = guest.disks[0]?.images ?? [];
  const job = () => virsh(alpha, 'blockjob', guest.uuid, 'vda', '--raw');
  await virsh(alpha, 'blockpull', guest.uuid, 'vda', '2', '--base', base);
  await waitForWrites(guest, 100);
  expect(await job()).toContain('Block Pull');
  expect(await verifyWriter(lab, guest)).toMatchObject({ lost: [], errors: [] });
  expect(await job()).toContain('Block Pull');
  await virsh(alpha, 'blockjob', guest.uuid, 'vda', '--bandwidth', '0');
  await until('the end of the pull', async () => !(await job()).includes('Block Pull'));
  expect(await liveChains(lab, guest)).toEqual([{ target: 'vda', images: [active, base] }]);
  await waitForWrites(guest, 50);
  const verdict = await verifyWriter(lab, guest);
  expect(verdict).toMatchObject({ lost: [], errors: [] });
  expect(verdict.records).toBeGreaterThanOrEqual(200);
});

test('a killed QEMU loses no write that the guest logged, and a second run is read on from the same log', async () => {
  const guest = await createWriter('writer-killed');
  await killQemu(lab, guest);
  await until(
    'libvirt to notice',
    async () => (await virsh(alpha, 'domstate', guest.uuid)).trim() === 'shut off',
  );
  const verdict = await verifyWriter(lab, guest);
  expect(verdict).toMatchObject({ lost: [], errors: [] });
  await virsh(alpha, 'start', guest.uuid);
  await waitForWrites(guest, 50);
  const later = await verifyWriter(lab, guest);
  expect(later).toMatchObject({ lost: [], errors: [] });
  expect(later.records).toBeGreaterThanOrEqual(verdict.records + 50);
});

test('the check sees one sector that lost its write, and one that the guest never wrote', async () => {
  const guest = await createWriter('writer-spoilt');
  await virsh(alpha, 'destroy', guest.uuid);
  const untouched = (100 * MiB) / 512;
  for (const lba of [lbaOf(3), untouched]) {
    await run('qemu-io', [
      '-f',
      'qcow2',
      '-c',
      `write -q -P 0 ${lba * 512} 512`,
      guest.disks[0]?.images[0] ?? '',
    ]);
  }
  expect((await verifyWriter(lab, guest)).lost).toEqual([lbaOf(3), untouched].toSorted((a, b) => a - b));
});
