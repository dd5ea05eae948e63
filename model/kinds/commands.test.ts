import { expect, test } from 'vitest';
import { NO_DEPENDENTS } from '../fleet/dependents.ts';
import { commandsOf } from '../kinds/commands.ts';
import { baseArgument, type Command } from '../plans/command.ts';
import { planDelete } from '../plans/delete.ts';
import { type FlattenFacts, planFlatten } from '../plans/flatten.ts';
import { planMergeDown } from '../plans/merge-down.ts';
import { planMove } from '../plans/move.ts';
import { transientPool } from '../plans/transient-pool.ts';
import { chainOf, diskWith, FACTS, flattenTo, imageAt, REF } from '../testing.ts';

const disk = diskWith(chainOf('/vm/active', '/vm/sn2', '/vm/sn1', '/vm/base'));
const plan = (base: string | null, facts: Partial<FlattenFacts> = {}) =>
  planFlatten(REF, disk, flattenTo(base), { ...FACTS, ...facts });

/** What follows a pull, for virsh on `uri`. */
function flush({ uri = '', guest = 'web-1' } = {}): Command {
  return [{ note: 'flush', params: {} }, `virsh ${uri}blockresize ${guest} vda 1073741824B`];
}

test('P2: the base is named by its path', () => {
  expect(commandsOf(plan('/vm/sn1'), 0)).toEqual([
    ['virsh blockpull web-1 vda --base /vm/sn1 --wait --verbose', ...flush()],
  ]);
});

test('A1: without a base the command has none; another daemon is named', () => {
  expect(commandsOf(plan(null, { uri: 'qemu:///session', guestName: 'two words' }), 0)).toEqual([
    [
      `virsh -c qemu:///session blockpull 'two words' vda --wait --verbose`,
      ...flush({ uri: '-c qemu:///session ', guest: "'two words'" }),
    ],
  ]);
});

test('a pull that is durable by itself needs no flush; where libvirt can refuse to shrink the disk, its command says so', () => {
  const lines = (changes: Partial<FlattenFacts['capabilities']>) =>
    commandsOf(plan(null, { capabilities: { ...FACTS.capabilities, ...changes } }), 0);
  expect(lines({ pullIsDurable: true, resizeOnlyExtends: true })).toEqual([
    ['virsh blockpull web-1 vda --wait --verbose'],
  ]);
  expect(lines({ resizeOnlyExtends: true })).toEqual([
    [
      'virsh blockpull web-1 vda --wait --verbose',
      { note: 'flush', params: {} },
      'virsh blockresize web-1 vda 1073741824B --extend',
    ],
  ]);
});

test('regression: the command lacked the speed limit that libvirt gets', () => {
  expect(commandsOf(plan(null), 5 * 2 ** 20)).toEqual([
    ['virsh blockpull web-1 vda --bytes --bandwidth 5242880 --wait --verbose', ...flush()],
  ]);
});

test('regression: a refused plan has no command to copy', () => {
  expect(commandsOf(plan(null, { savedState: true }), 0)).toEqual([]);
});

test('P1, P2, P3: a command for each step, of the same effect', () => {
  const others = [disk, diskWith(null, { target: 'sda' })];
  const asked = flattenTo('/vm/sn1', { snapshotFirst: { name: 's 1', file: '/vm/a,b' }, forgetAfter: true });
  expect(commandsOf(planFlatten(REF, disk, asked, { ...FACTS, disks: others }), 0)).toEqual([
    [
      `virsh snapshot-create-as web-1 's 1' --disk-only --atomic --diskspec vda,file=/vm/a,,b --diskspec sda,snapshot=no`,
    ],
    ['virsh blockpull web-1 vda --base /vm/sn1 --wait --verbose', ...flush()],
    [`virsh snapshot-delete web-1 's 1' --metadata`],
  ]);
});

test('a guest that is shut off is started paused, and destroyed when the pull is over', () => {
  expect(commandsOf(plan(null, { guestRuns: false }), 0)).toEqual([
    [
      'virsh start web-1 --paused',
      'virsh blockpull web-1 vda --wait --verbose',
      ...flush(),
      'virsh destroy web-1',
    ],
  ]);
});

test('a merge names both ends of the run, or makes the pivot', () => {
  const merged = (top: string, bandwidth: number) =>
    commandsOf(
      planMergeDown(
        REF,
        disk,
        { kind: 'merge-down', target: 'vda', top, base: '/vm/base', forgetAfter: false },
        { ...FACTS, disks: [disk], dependents: NO_DEPENDENTS },
      ),
      bandwidth,
    );
  expect(merged('/vm/sn2', 2 ** 20)).toEqual([
    [
      'virsh blockcommit web-1 vda --base /vm/base --top /vm/sn2 --bytes --bandwidth 1048576 --wait --verbose',
    ],
  ]);
  expect(merged('/vm/active', 0)).toEqual([
    ['virsh blockcommit web-1 vda --base /vm/base --active --pivot --wait --verbose'],
  ]);
});

test('A3: a move by a copy makes the pivot, as the guide does it three commands', () => {
  const moved = (strategy: 'copy' | 'pull') =>
    commandsOf(
      planMove(
        REF,
        disk,
        { kind: 'move', target: 'vda', file: '/fs2/a b', strategy },
        { ...FACTS, disks: [disk], destination: { at: 'nothing', folder: 'there', freeSpace: null } },
      ),
      0,
    );
  expect(moved('copy')).toEqual([
    [`virsh blockcopy web-1 vda --dest '/fs2/a b' --format qcow2 --transient-job --pivot --wait --verbose`],
  ]);
  expect(moved('pull')).toEqual([
    [`virsh snapshot-create-as web-1 move-vda --disk-only --atomic --diskspec 'vda,file=/fs2/a b'`],
    ['virsh blockpull web-1 vda --wait --verbose', ...flush()],
    ['virsh snapshot-delete web-1 move-vda --metadata'],
  ]);
});

test('a base is named by its path, else by its index, else not at all', () => {
  const source = { kind: 'network', protocol: 'nbd', name: 'host/x' } as const;
  expect(baseArgument('vda', imageAt('/a', { index: 3 }))).toBe('/a');
  expect(baseArgument('vda', imageAt('', { source, index: 3 }))).toBe('vda[3]');
  expect(baseArgument('vda', imageAt('', { source }))).toBeNull();
});

test('a file is deleted through its pool, or through a transient one', () => {
  const file = {
    identity: 'inode 1 2',
    format: 'qcow2',
    backing: [],
    backingPath: null,
    stamp: '1',
  } as const;
  const sizes = { virtualSize: 1, allocated: 1, modifiedAt: 1, under: [], left: null };
  const leftovers = [
    { ...file, ...sizes, path: '/vm/old', pool: 'default' },
    { ...file, ...sizes, path: '/far away/old', pool: null },
  ];
  const checked = { hosts: 1, guests: 1, records: 0, pools: 1, folders: 2, files: 2 };
  const report = { hostId: 'alpha', blocked: [], leftovers, kept: [], inUse: [], used: [], checked };
  const files = leftovers.map(({ path }) => path);
  const deletion = planDelete({ kind: 'delete', files }, { ...report, onlyPools: false }, 'qemu:///system');
  expect(deletion.refusals).toEqual([]);
  const pool = transientPool('/far away/old');
  expect(commandsOf(deletion, 0)).toEqual([
    [
      `virsh pool-create-as ${pool} dir --target '/far away'`,
      `virsh vol-delete --pool ${pool} old`,
      `virsh pool-destroy ${pool}`,
    ],
    ['virsh vol-delete --pool default old'],
  ]);
});
