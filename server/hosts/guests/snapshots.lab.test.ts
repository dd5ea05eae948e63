import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { digestOf } from '../../../lab/content.ts';
import type { LabGuest } from '../../../lab/lab.ts';
import { virsh } from '../../../lab/virsh.ts';
import { LibvirtError } from '../../libvirt/index.ts';
import type { NewSnapshot } from '../../ports/snapshots.ts';
import { alpha, fleetOf, guestFor, lab } from '../testing.ts';
import { Snapshots } from './snapshots.ts';

const at = (file: string) => join(alpha.images, file);
const of = (target: string, file: string) => ({ target, file: at(file) });

/** Snapshots on a fleet of one host, and a guest with two disks and an empty drive. */
async function snapshotsOf(name: string, state: LabGuest['state'] = 'running') {
  const layers = (disk: string) => [
    { file: `${name}-${disk}.qcow2`, writes: [{ pattern: 9, offset: 0, length: 2 * 2 ** 20 }] },
  ];
  const disks = ['vda', 'vdb'].map((target) => ({ target, layers: layers(target), size: 64 * 2 ** 20 }));
  const guest = await guestFor({ name, state, disks, cdrom: 'sda' });
  const { fleet, hostId, keys, shows, guest: known } = await fleetOf();
  const snapshots = new Snapshots(fleet);
  const ref = { hostId, uuid: guest.uuid };
  const made: string[] = [];
  onTestFinished(() => Promise.all(made.map((file) => rm(file, { force: true }))).then(() => undefined));
  return {
    guest,
    ref,
    snapshots,
    keys: (target?: string) => keys(guest, target),
    records: () => known(guest)?.records ?? [],
    shows,
    take(change: Partial<NewSnapshot>): Promise<void> {
      const snapshot = { name: 's', description: '', quiesce: false, disks: [], ...change };
      made.push(...snapshot.disks.map(({ file }) => file));
      return snapshots.take(ref, snapshot);
    },
  };
}

const contentOf = async (guest: LabGuest) => [await digestOf(lab, guest), await digestOf(lab, guest, 'vdb')];

const chainsOf = (guest: LabGuest) => virsh(alpha, 'domblklist', guest.uuid);

test('two disks are frozen at one moment under the named files, whatever characters the names have', async () => {
  const { guest, take, keys, shows, records } = await snapshotsOf('snap-two');
  const before = await contentOf(guest);
  const name = `before "it" & <that> é 名`;
  const disks = [of('vda', `two 'a' <1> & "b".qcow2`), of('vdb', 'two-b.qcow2')];
  await take({ name, description: 'why,\nin two lines', disks });
  await shows('the record and the chain', () => records().length === 1 && keys()?.length === 2);
  expect(keys()).toEqual([disks[0]?.file, guest.disks[0]?.images[0]]);
  expect(keys('vdb')).toEqual([disks[1]?.file, guest.disks[1]?.images[0]]);
  expect(records()).toMatchObject([
    {
      name,
      description: 'why,\nin two lines',
      disks: disks.map(({ target, file }, i) => ({
        target,
        kind: 'external',
        frozen: guest.disks[i]?.images[0],
        overlay: file,
      })),
    },
  ]);
  expect(await contentOf(guest)).toEqual(before);
});

test.each(['running', 'paused', 'shut off'] as const)(
  'a snapshot of one disk of a guest that is %s',
  async (state) => {
    const { guest, take, keys, shows, snapshots, ref, records } = await snapshotsOf(
      `snap-${state.replace(' ', '-')}`,
      state,
    );
    const one = of('vdb', `one-${state}.qcow2`);
    await take({ name: 'one', disks: [one] });
    await shows('the chain', () => keys('vdb')?.[0] === one.file);
    expect(keys()).toHaveLength(1);
    await snapshots.forget(ref, 'one');
    await shows('no record', () => records().length === 0);
    expect(keys('vdb')).toEqual([one.file, guest.disks[1]?.images[0]]);
    await expect(snapshots.forget(ref, 'one')).rejects.toMatchObject({ problem: { code: 'RECORD_UNKNOWN' } });
  },
);

/** Texts of libvirt 9.0, which the operator sees where the plan could not predict the refusal. */
test('libvirt refuses for all disks, and leaves nothing behind', async () => {
  const { guest, take } = await snapshotsOf('snap-refused');
  await take({ name: 'taken', disks: [of('vda', 'refused-1.qcow2')] });
  const chains = await chainsOf(guest);
  await mkdir(at('refused-folder'), { recursive: true });
  onTestFinished(() => rm(at('refused-folder'), { recursive: true }));
  await writeFile(at('refused-file'), 'somebody else’s');
  onTestFinished(() => rm(at('refused-file')));
  const refused = async (change: Partial<NewSnapshot>) => {
    const error = await take(change).catch((thrown: unknown) => thrown);
    if (!(error instanceof LibvirtError)) throw new Error(`No libvirt error: ${error}`);
    return error.message;
  };
  const other = of('vdb', 'refused-2.qcow2');
  expect(await refused({ name: 'taken', disks: [other] })).toMatch('domain moment taken already exists');
  const bad = [
    ['refused-file', 'already exists and is not a block device'],
    ['refused-folder', 'mismatch between configured type'],
    ['no-such-folder/a.qcow2', 'No such file or directory'],
  ] as const;
  for (const [file, words] of bad) expect(await refused({ disks: [other, of('vda', file)] })).toMatch(words);
  expect(await refused({ disks: [{ target: 'vda', file: 'relative' }] })).toMatch('must be absolute');
  expect(await refused({ disks: [of('vdz', 'refused-3.qcow2')] })).toMatch('too many disk snapshot requests');
  expect(await refused({ name: 'a/b', disks: [other] })).toMatch("can't contain '/'");
  expect(await refused({ name: '.a', disks: [other] })).toMatch("can't start with '.'");
  expect(await chainsOf(guest)).toBe(chains);
  await expect(stat(other.file)).rejects.toThrow('ENOENT');
});

test('a guest without an agent can’t be quiesced, and its chain stays', async () => {
  const { guest, ref, snapshots, take } = await snapshotsOf('snap-agent');
  const chains = await chainsOf(guest);
  expect(await snapshots.circumstances(ref)).toEqual({ agent: 'none', savedState: false, persistent: true });
  const quiet = { quiesce: true, disks: [of('vda', 'agent.qcow2')] };
  await expect(take(quiet)).rejects.toMatchObject({ problem: { code: 'AGENT_SILENT' } });
  await virsh(alpha, 'suspend', guest.uuid);
  await expect(take(quiet)).rejects.toMatchObject({ problem: { code: 'AGENT_SILENT' } });
  expect(await chainsOf(guest)).toBe(chains);
});

test('an agent that does not answer is reported, and the snapshot is not taken', async () => {
  const { guest, ref, snapshots, take } = await snapshotsOf('snap-silent', 'shut off');
  const channel = at('snap-silent.xml');
  onTestFinished(() => rm(channel));
  const source = `<source mode='bind' path='${at('agent.sock')}'/>`;
  const target = `<target type='virtio' name='org.qemu.guest_agent.0'/>`;
  await writeFile(channel, `<channel type='unix'>${source}${target}</channel>`);
  await virsh(alpha, 'attach-device', guest.uuid, channel, '--config');
  await virsh(alpha, 'start', guest.uuid);
  const chains = await chainsOf(guest);
  expect(await snapshots.circumstances(ref)).toMatchObject({ agent: 'disconnected' });
  await expect(take({ quiesce: true, disks: [of('vda', 'silent.qcow2')] })).rejects.toMatchObject({
    problem: { code: 'AGENT_SILENT', params: { reason: expect.stringContaining('agent') } },
  });
  expect(await chainsOf(guest)).toBe(chains);
});

test('a disk with a block job is refused, another one is not', async () => {
  const { guest, take, keys, shows } = await snapshotsOf('snap-job');
  await take({ name: 'first', disks: [of('vda', 'job-1.qcow2')] });
  await virsh(alpha, 'blockpull', guest.uuid, 'vda', '--bytes', '--bandwidth', '1');
  await expect(take({ disks: [of('vda', 'job-2.qcow2')] })).rejects.toThrow('already in active block job');
  await take({ disks: [of('vdb', 'job-3.qcow2')] });
  await shows('the other disk', () => keys('vdb')?.length === 2);
  await virsh(alpha, 'blockjob', guest.uuid, 'vda', '--abort');
});

test('the longest name of which libvirt can write metadata; with a longer one the snapshot is taken and an error thrown', async () => {
  const { take, keys, shows, records } = await snapshotsOf('snap-long');
  await take({ name: 'n'.repeat(247), disks: [of('vda', 'long-1.qcow2')] });
  await shows('the record', () => records().length === 1);
  await expect(take({ name: 'm'.repeat(248), disks: [of('vda', 'long-2.qcow2')] })).rejects.toThrow(
    'unable to save metadata',
  );
  await shows('the chain', () => keys()?.length === 3);
  expect(records()).toHaveLength(1);
});
