import { describe, expect, test } from 'vitest';
import { emptyMap, mark } from '../../content/cluster-map.ts';
import { capabilitiesOf, NESTED } from '../../fleet/capabilities.ts';
import type { Destination } from '../../fleet/destination.ts';
import type { Disk } from '../../fleet/disk.ts';
import type { Guest } from '../../fleet/guest.ts';
import type { ImageIdentity } from '../../fleet/guest-location.ts';
import type { Host } from '../../fleet/host.ts';
import type { Image } from '../../fleet/image.ts';
import { commandsOf } from '../../kinds/commands.ts';
import { problem } from '../../problem.ts';
import {
  chainOf as chain,
  deepChain,
  diskWith,
  freeSpaceOf,
  GIB,
  guestWith,
  imageAt,
  REF,
} from '../../testing.ts';
import { planMigration } from './migrate.ts';
import type { MigrateIntent } from './migrate-intent.ts';
import type { DiskThere, MigrationFacts } from './migration-facts.ts';

const VERSIONS = { libvirtVersion: '9.0.0', qemuVersion: '7.2.0' };

const host = (id: string, changes: Partial<Host> = {}): Host => ({
  id,
  uri: `qemu+ssh://${id}/system`,
  name: id,
  state: 'connected',
  problem: null,
  local: false,
  ...VERSIONS,
  capabilities: capabilitiesOf(VERSIONS),
  ...changes,
});

const FREE: Destination = { at: 'nothing', folder: 'there', freeSpace: freeSpaceOf(100 * GIB) };
const INTENT: MigrateIntent = { kind: 'migrate', to: 'beta', disks: [], pull: true, forgetFirst: true };

function thereOf(
  disk: Disk,
  changes: Partial<DiskThere> = {},
  imageIdentity: ImageIdentity = 'same',
): DiskThere {
  const keys = disk.chain?.images.map(({ key }) => key) ?? [];
  return {
    file: `/there/${disk.target}.qcow2`,
    from: keys[0] ?? '',
    fileSystem: FREE,
    pool: 'default',
    images: keys.map((key) => ({ here: key, there: key, imageIdentity })),
    ...changes,
  };
}

function factsOf(guest: Guest, changes: Partial<MigrationFacts> = {}): MigrationFacts {
  const moved = guest.disks.filter(({ device, chain: now }) => device === 'disk' && now !== null);
  return {
    source: host('alpha'),
    destination: host('beta'),
    route: { destinationUri: 'qemu+ssh://beta/system', migrateUri: null },
    cpu: null,
    namesake: null,
    disks: new Map(moved.map((disk) => [disk.target, thereOf(disk)])),
    kept: new Map(),
    users: new Map(),
    maps: new Map(),
    ...changes,
  };
}

const vda = diskWith(chain('/a', '/b'));
const GUEST = guestWith(vda);
const plan = (guest = GUEST, facts: Partial<MigrationFacts> = {}, intent: Partial<MigrateIntent> = {}) =>
  planMigration(guest, { ...INTENT, ...intent }, factsOf(guest, facts));
const codes = (problems: readonly { code: string }[]) => problems.map(({ code }) => code);
const moved = (changes: Partial<DiskThere>, imageIdentity?: ImageIdentity) => ({
  disks: new Map([['vda', thereOf(vda, changes, imageIdentity)]]),
});

test('overlays first, then the guest, then its data', () => {
  const made = plan();
  expect(made).toMatchObject({ refusals: [], warnings: [], wholeGuest: true, guest: REF });
  expect(made.steps).toEqual([
    {
      kind: 'overlay',
      hostId: 'beta',
      target: 'vda',
      file: '/there/vda.qcow2',
      backing: { path: '/a', format: 'qcow2' },
      virtualSize: GIB,
    },
    {
      kind: 'migrate',
      hostId: 'alpha',
      to: 'beta',
      destinationUri: 'qemu+ssh://beta/system',
      migrateUri: null,
      disks: [{ target: 'vda', file: '/there/vda.qcow2' }],
    },
    {
      kind: 'pull',
      hostId: 'beta',
      target: 'vda',
      base: null,
      before: ['/there/vda.qcow2', '/a', '/b'],
      after: ['/there/vda.qcow2'],
      flush: 'resize',
    },
  ]);
  expect(made.disks[0]?.after.images.map(({ key }) => key)).toEqual(['/there/vda.qcow2']);
  expect(made.disks[0]?.merged).toEqual(['/a', '/b']);
  expect(made.cost.into).toBe('vda.qcow2');
  expect(made.cost.atMost).toBeGreaterThan(GIB);
});

test('the pull is flushed by what the destination and the machine type say', () => {
  const versions = { libvirtVersion: '12.8.0', qemuVersion: '11.1.3' };
  const destination = host('beta', { ...versions, capabilities: capabilitiesOf(versions) });
  const flush = (machine: string) => plan({ ...GUEST, machine }, { destination }).steps.at(-1);
  expect(flush('pc-q35-10.0')).toMatchObject({ kind: 'pull', flush: 'none' });
  expect(flush('pc-q35-9.2')).toMatchObject({ kind: 'pull', flush: 'extend' });
  expect(plan({ ...GUEST, machine: 'pc-q35-10.0' }).steps.at(-1)).toMatchObject({ flush: 'resize' });
});

test('of several disks, each pull costs what its own image takes', () => {
  const vdb = { ...diskWith(chain('/c', '/d')), target: 'vdb' };
  const guest = { ...GUEST, disks: [vda, vdb] };
  const { steps, cost } = plan(guest);
  const names = steps.map((step, i) => [step.kind, cost.steps?.[i]?.into ?? null]);
  expect(names).toEqual([
    ['overlay', null],
    ['overlay', null],
    ['migrate', null],
    ['pull', 'vda.qcow2'],
    ['pull', 'vdb.qcow2'],
  ]);
});

test('what all disks grow by together, and what is freed on the source later, is predicted', () => {
  const mapped = (path: string, cluster: number) => {
    const map = emptyMap(GIB, 65_536);
    mark(map.data, cluster);
    return [path, map] as const;
  };
  const vdb = { ...diskWith(chain('/c', '/d')), target: 'vdb' };
  const guest = { ...GUEST, disks: [vda, vdb] };
  const maps = new Map([mapped('/a', 1), mapped('/b', 2), mapped('/c', 3), mapped('/d', 4)]);
  const { cost } = plan(guest, { maps });
  expect(cost.predicted?.basis).toBe('tables');
  const each = cost.images?.map(({ predicted }) => predicted?.likely ?? 0) ?? [];
  expect(each).toHaveLength(2);
  expect(cost.predicted?.likely).toBe((each[0] ?? 0) + (each[1] ?? 0));
  const [a, b] = vda.chain?.images ?? [];
  expect(cost.freed).toBe(2 * ((a?.allocated ?? 0) + (b?.allocated ?? 0)));
  expect(plan(GUEST, { maps: new Map() }).cost.predicted?.basis).toBe('allocations');
});

test('without the pull the images of the source stay below, by the paths that they have there', () => {
  const there = thereOf(vda, {
    from: '/mnt/a',
    images: [
      { here: '/a', there: '/mnt/a', imageIdentity: 'same' },
      { here: '/b', there: '/b', imageIdentity: 'same' },
    ],
  });
  const made = plan(GUEST, { disks: new Map([['vda', there]]) }, { pull: false });
  expect(made.steps.map(({ kind }) => kind)).toEqual(['overlay', 'migrate']);
  expect(made.steps[0]).toMatchObject({ backing: { path: '/mnt/a' } });
  expect(made.disks[0]?.after.images.map(({ key }) => key)).toEqual(['/there/vda.qcow2', '/mnt/a', '/b']);
  expect(codes(made.warnings)).toEqual(['STORAGE_STAYS_BEHIND']);
  expect(made.cost.atMost).toBe(0);
});

test('the plan is valid only for these chains, this host and these paths', () => {
  const { fingerprint } = plan();
  expect(plan().fingerprint).toBe(fingerprint);
  const others = [
    plan(guestWith(diskWith(chain('/new', '/a', '/b')))),
    plan(GUEST, { destination: host('gamma') }),
    plan(GUEST, moved({ file: '/there/vda-2.qcow2' })),
    plan({ ...GUEST, records: [{ name: 's', description: null, createdAt: 0, parent: null, disks: [] }] }),
  ];
  for (const other of others) expect(other.fingerprint).not.toBe(fingerprint);
});

describe('refused:', () => {
  const record = { name: 's', description: null, createdAt: 0, parent: null, disks: [] };
  const job = { kind: 'pull', bandwidth: 0, cur: 0, end: 1, ready: false } as const;
  const active = (changes: Partial<Image>) =>
    guestWith(diskWith({ images: [imageAt('/a', changes), imageAt('/b')] }));
  test.each([
    ['MIGRATE_SAME_HOST', plan(GUEST, { destination: host('alpha') })],
    ['NOT_CONNECTED', plan(GUEST, { destination: host('beta', { state: 'lost' }) })],
    ['MIGRATE_NOT_RUNNING', plan({ ...GUEST, state: 'shutoff' })],
    ['DESTINATION_OUT_OF_REACH', plan(GUEST, { route: problem('DESTINATION_OUT_OF_REACH') })],
    ['GUEST_NAME_TAKEN', plan(GUEST, { namesake: { ...GUEST, uuid: 'other' } })],
    ['GUEST_KNOWN_THERE', plan(GUEST, { namesake: { ...GUEST, name: 'other' } })],
    ['CPU_INCOMPATIBLE', plan(GUEST, { cpu: problem('CPU_INCOMPATIBLE') })],
    ['RECORDS_PREVENT_MIGRATION', plan({ ...GUEST, records: [record] }, {}, { forgetFirst: false })],
    ['DISK_UNKNOWN', plan(GUEST, {}, { disks: [{ target: 'vdx', file: null }] })],
    ['JOB_RUNNING', plan(guestWith({ ...vda, job }))],
    ['NO_POOL_THERE', plan(GUEST, { disks: new Map() })],
    ['DESTINATION_RELATIVE', plan(GUEST, moved({ file: 'x' }))],
    ['DESTINATION_NOT_PLAIN', plan(GUEST, moved({ file: '/x/../y' }))],
    ['DESTINATION_EXISTS', plan(GUEST, moved({ fileSystem: { ...FREE, at: 'file' } }))],
    ['DESTINATION_IS_FOLDER', plan(GUEST, moved({ fileSystem: { ...FREE, at: 'folder' } }))],
    ['DESTINATION_FULL', plan(GUEST, moved({ fileSystem: { ...FREE, freeSpace: freeSpaceOf(0) } }))],
    ['DESTINATION_NOT_IN_POOL', plan(GUEST, moved({ pool: null }))],
    ['DESTINATION_RELATIVE', plan(GUEST, moved({ from: 'x' }))],
    ['IMAGE_NOT_THERE', plan(GUEST, moved({}, 'missing'))],
    ['IMAGE_DIFFERS', plan(GUEST, moved({}, 'different'))],
    ['FORMAT_UNKNOWN', plan(active({ format: null }))],
    ['VIRTUAL_SIZE_UNKNOWN', plan(active({ virtualSize: null }))],
    ['ENCRYPTED_IMAGE', plan(active({ traits: { ...imageAt('/a').traits, encrypted: true } }))],
    ['DISK_BOUND', plan(guestWith({ ...vda, device: 'lun' }))],
  ] as const)('%s', (code, made) => {
    expect(codes(made.refusals)).toContain(code);
    expect(commandsOf(made, 0)).toEqual([]);
  });

  test('a volume that no pool could name, which would be another volume over there', () => {
    const source = { kind: 'volume', pool: 'p', volume: 'v', path: null } as const;
    expect(codes(plan(active({ source, key: 'volume:p/v' })).refusals)).toContain('DISK_BOUND');
  });

  test('two disks at one path', () => {
    const guest = { ...GUEST, disks: [vda, diskWith(chain('/c'), { target: 'vdb' })] };
    const disks = new Map(guest.disks.map((disk) => [disk.target, thereOf(disk, { file: '/there/x' })]));
    expect(codes(plan(guest, { disks }).refusals)).toEqual(['DESTINATION_TWICE', 'DESTINATION_TWICE']);
  });

  test('a CD that is not there', () => {
    const drive = diskWith(chain('/cd.iso'), { target: 'sda', device: 'cdrom', readOnly: true });
    const kept = new Map([
      ['sda', [{ here: '/cd.iso', there: '/cd.iso', imageIdentity: 'missing' as const }]],
    ]);
    const guest = { ...GUEST, disks: [vda, drive] };
    expect(codes(planMigration(guest, INTENT, factsOf(GUEST, { kept })).refusals)).toEqual([
      'IMAGE_NOT_THERE',
    ]);
  });
});

test('refused: a chain that the destination can’t take, with its overlay or as it is', () => {
  const nested = {
    destination: host('beta', { capabilities: { ...host('beta').capabilities, mostLayers: NESTED } }),
  };
  const deep = (layers: number) => guestWith(diskWith(deepChain(layers)));
  expect(plan(deep(24), nested).refusals).toEqual([]);
  const refusal = problem('CHAIN_TOO_DEEP_THERE', { target: 'vda', layers: 26, most: 25, host: 'beta' });
  expect(plan(deep(25), nested).refusals).toEqual([refusal]);
  expect(plan(deep(25), nested, { pull: false }).refusals).toEqual([refusal]);
  expect(plan(deep(100)).refusals).toEqual([]);
  const source = { kind: 'network', protocol: 'rbd', name: 'pool/x' } as const;
  const stays = guestWith(diskWith(deepChain(26, 0, { source })));
  expect(
    codes(planMigration(stays, INTENT, { ...factsOf(stays, nested), disks: new Map() }).refusals),
  ).toEqual(['CHAIN_TOO_DEEP_THERE']);
});

test('what is unknown is a warning, no refusal', () => {
  const traits = { ...imageAt('/a').traits, internalSnapshots: 2, dataFile: true };
  const guest = guestWith(diskWith({ images: [imageAt('/a', { traits })] }));
  const [disk] = guest.disks;
  if (disk === undefined) throw new Error('A disk is expected');
  const fileSystem = { ...FREE, freeSpace: freeSpaceOf(1_000_000) };
  const made = plan(guest, {
    cpu: problem('CPU_NOT_COMPARED'),
    disks: new Map([['vda', thereOf(disk, { fileSystem }, 'unknown')]]),
  });
  expect(made.refusals).toEqual([]);
  expect(codes(made.warnings)).toEqual([
    'CPU_NOT_COMPARED',
    'IMAGE_NOT_COMPARED',
    'INTERNAL_SNAPSHOTS_STAY',
    'DATA_FILE_THERE',
    'LITTLE_SPACE',
  ]);
});

test('a disk on the network stays where it is', () => {
  const source = { kind: 'network', protocol: 'rbd', name: 'pool/x' } as const;
  const disk = diskWith({ images: [imageAt('', { source, key: 'rbd:pool/x' })] });
  const made = planMigration(guestWith(disk), INTENT, { ...factsOf(GUEST), disks: new Map() });
  expect(made.refusals).toEqual([]);
  expect(codes(made.warnings)).toEqual(['NETWORK_DISK_STAYS']);
  expect(made.steps.map(({ kind }) => kind)).toEqual(['migrate']);
});

test('equivalent commands: the overlay on the destination, the guest from the source, the pull on the destination', () => {
  const guest = { ...guestWith(vda), name: 'web 1' };
  const [overlay, migrate, pull] = commandsOf(plan(guest), 2 ** 20);
  expect(overlay).toEqual([
    { note: 'on-host', params: { uri: 'qemu+ssh://beta/system' } },
    'qemu-img create -f qcow2 -b /a -F qcow2 /there/vda.qcow2 1073741824',
  ]);
  expect(migrate).toEqual([
    `virsh -c qemu+ssh://alpha/system dumpxml --migratable --security-info 'web 1' > 'web 1.xml'`,
    `virsh -c qemu+ssh://alpha/system dumpxml --inactive --migratable --security-info 'web 1' > 'web 1-defined.xml'`,
    { note: 'unsafe', params: {} },
    { note: 'edit-both-files', params: { target: 'vda', file: '/there/vda.qcow2' } },
    `virsh -c qemu+ssh://alpha/system migrate --live --p2p --persistent --undefinesource --unsafe --xml 'web 1.xml' --persistent-xml 'web 1-defined.xml' 'web 1' qemu+ssh://beta/system`,
  ]);
  expect(pull).toEqual([
    `virsh -c qemu+ssh://beta/system blockpull 'web 1' vda --bytes --bandwidth 1048576 --wait --verbose`,
    { note: 'flush', params: {} },
    `virsh -c qemu+ssh://beta/system blockresize 'web 1' vda 1073741824B`,
  ]);
});
