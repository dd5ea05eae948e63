import { execFile } from 'node:child_process';
import { chmod, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { MiB } from '../../../lab/image.ts';
import { enter } from '../../../lab/namespace.ts';
import { run } from '../../../lab/run.ts';
import { virsh } from '../../../lab/virsh.ts';
import { imageUsers } from '../../../model/fleet/sharing.ts';
import { isStale } from '../../../model/fleet/snapshot-record.ts';
import { alpha, fleetOf, guestFor, lab } from '../testing.ts';

test('changes that others make to a guest show without a refresh', async () => {
  const { guest, disk, keys, shows, warnings, events } = await fleetOf();
  const made = await guestFor({ name: 'inv-events', disks: [{ layers: 2, size: 16 * MiB }] });
  const { uuid } = made;
  const known = () => guest(made);
  const records = () => known()?.records.map(({ name }) => name);
  await shows('the guest that was defined and started', () => known()?.state === 'running');
  const [active = '', base = ''] = made.disks[0]?.images ?? [];
  expect(keys(made)).toEqual([active, base]);

  await virsh(alpha, 'snapshot-create-as', uuid, 'one', '--disk-only');
  await shows('the snapshot', () => keys(made)?.length === 3 && records()?.length === 1);
  const overlay = keys(made)?.[0] ?? '';
  made.files.push(overlay);
  expect(known()?.records[0]).toMatchObject({
    name: 'one',
    disks: [{ target: 'vda', frozen: active, overlay }],
  });

  await virsh(alpha, 'blockpull', uuid, 'vda', '1', '--base', base);
  await shows('the job', () => disk(made)?.job?.kind === 'pull');
  expect(disk(made)?.job?.bandwidth).toBe(MiB);
  await virsh(alpha, 'blockjob', uuid, 'vda', '--bandwidth', '0');
  await shows('the shorter chain', () => keys(made)?.length === 2 && disk(made)?.job === null);
  const record = known()?.records[0];
  expect(record && isStale(record, known()?.disks ?? [])).toBe(true);

  await virsh(alpha, 'snapshot-delete', uuid, 'one', '--metadata');
  await shows('the forgotten record', () => records()?.length === 0);
  await virsh(alpha, 'suspend', uuid);
  await shows('the pause', () => known()?.state === 'paused');
  await virsh(alpha, 'destroy', uuid);
  await shows('the end', () => known()?.state === 'shutoff');
  expect(keys(made)).toEqual([overlay, base]);

  await virsh(alpha, 'snapshot-create-as', uuid, 'off', '--disk-only');
  await shows('a snapshot while it is off', () => keys(made)?.length === 3 && records()?.length === 1);
  made.files.push(keys(made)?.[0] ?? '');
  await virsh(alpha, 'snapshot-delete', uuid, 'off', '--metadata');
  await shows('its record forgotten', () => records()?.length === 0);
  await virsh(alpha, 'undefine', uuid);
  await shows('the guest is gone', () => known() === null);
  expect(events.at(-1)?.kind).toBe('guest-gone');
  await run('rm', ['-f', ...made.files]);
  expect(warnings).toEqual([]);
});

test('an idle host is not called', async () => {
  await guestFor({ name: 'inv-idle' });
  const { calls, shows, guest } = await fleetOf();
  expect(calls()).toBeGreaterThan(0);
  await virsh(alpha, 'list');
  const before = calls();
  // Longer than any timer of a supervisor that would have been set by what came before.
  const quiet = 3000;
  const start = performance.now();
  await shows('nothing', () => performance.now() - start > quiet);
  expect(calls()).toBe(before);
  expect(guest).toBeDefined();
});

test('a shut-off guest has its whole chain, from its files', async () => {
  const made = await guestFor({ name: 'inv-off', state: 'shut off', disks: [{ layers: 5, size: 16 * MiB }] });
  const { keys, disk } = await fleetOf();
  expect(keys(made)).toEqual(made.disks[0]?.images);
  expect(disk(made)?.chain?.images.map(({ virtualSize }) => virtualSize)).toEqual(Array(5).fill(16 * MiB));
});

test('relative backing names and odd ones have one key, whether the guest runs or not', async () => {
  const names = ['inv odd ü "0".qcow2', `inv-odd-1's.qcow2`, 'inv-odd-2:x.qcow2'];
  const made = await guestFor({
    name: 'inv-odd',
    disks: [{ size: 16 * MiB, layers: names.map((file) => ({ file })) }],
  });
  const paths = made.disks[0]?.images ?? [];
  await virsh(alpha, 'destroy', made.uuid);
  await run('qemu-img', ['rebase', '-u', '-b', names[0] ?? '', '-F', 'qcow2', paths[1] ?? '']);
  const { keys, shows, guest } = await fleetOf();
  const off = keys(made);
  expect(off).toEqual(paths);
  await virsh(alpha, 'start', made.uuid);
  await shows('the start', () => guest(made)?.state === 'running');
  expect(keys(made)).toEqual(off);
});

test('a shared base has all of its users, running or not', async () => {
  const layers = [{ file: 'inv-shared-0.qcow2' }, { file: 'inv-shared-1.qcow2' }];
  const one = await guestFor({ name: 'inv-shared-1', disks: [{ layers, size: 16 * MiB }] });
  const two = await guestFor({
    name: 'inv-shared-2',
    state: 'shut off',
    disks: [
      {
        size: 16 * MiB,
        layers: [{ file: 'inv-shared-0.qcow2', existing: true }, { file: 'inv-shared-2.qcow2' }],
      },
    ],
  });
  const { fleet } = await fleetOf();
  const users = imageUsers(fleet.guests()).get(one.disks[0]?.images[1] ?? '');
  expect(users?.map(({ uuid }) => uuid).toSorted()).toEqual([one.uuid, two.uuid].toSorted());
});

test('an image in a folder that may not be entered is reported as denied', async () => {
  const made = await guestFor({
    name: 'inv-denied',
    state: 'shut off',
    disks: [{ layers: 2, size: 16 * MiB }],
  });
  const [active = '', base = ''] = made.disks[0]?.images ?? [];
  const locked = join(dirname(base), 'inv-locked');
  await run('mkdir', [locked]);
  const moved = join(locked, 'base.qcow2');
  await rename(base, moved);
  await run('qemu-img', ['rebase', '-u', '-b', moved, '-F', 'qcow2', active]);
  await chmod(locked, 0);
  onTestFinished(async () => {
    await chmod(locked, 0o700);
    await run('rm', ['-r', locked]);
  });
  // As the lab's daemons run: root outside, and without root's way through permissions.
  const script = `import { followFile } from '${import.meta.dirname}/../images/file-chain.ts';
    import { readLocalImage } from '${import.meta.dirname}/../images/local-image.ts';
    const chain = await followFile(process.argv[1], 'qcow2');
    console.log(JSON.stringify([chain, await readLocalImage(process.argv[2], 'qcow2')]));`;
  const [program = '', ...args] = [
    ...enter(lab.namespace),
    process.execPath,
    ...['--input-type=module', '--eval', script, active, moved],
  ];
  const { stdout } = await promisify(execFile)(program, args);
  expect(JSON.parse(stdout)).toMatchObject([
    {
      images: [{ source: { path: active } }, { source: { path: moved } }],
      problem: { code: 'PERMISSION_DENIED', params: { image: moved } },
    },
    { missing: false, virtualSize: null, allocated: null, traits: { known: false } },
  ]);
});

test('a host elsewhere: sizes and chains of shut-off guests from its volumes, snapshots from its jobs', async () => {
  const running = await guestFor({ name: 'inv-far-on', disks: [{ layers: 3, size: 16 * MiB }] });
  const off = await guestFor({
    name: 'inv-far-off',
    state: 'shut off',
    disks: [{ layers: 3, size: 16 * MiB }],
  });
  await virsh(alpha, 'pool-refresh', 'default');
  const { keys, disk, shows, fleet } = await fleetOf(alpha, { elsewhere: true });
  expect(fleet.hosts()[0]?.local).toBe(false);
  for (const made of [running, off]) {
    expect(keys(made)).toEqual(made.disks[0]?.images);
    for (const image of disk(made)?.chain?.images ?? []) {
      expect(image).toMatchObject({ virtualSize: 16 * MiB, missing: false, traits: { known: false } });
      expect(image.allocated).toBeGreaterThan(MiB / 2);
    }
  }
  await virsh(alpha, 'snapshot-create-as', running.uuid, 'far', '--disk-only', '--no-metadata');
  await shows('the snapshot', () => keys(running)?.length === 4);
  running.files.push(keys(running)?.[0] ?? '');
});
