import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hostOf } from '../../lab/lab.ts';
import { handOver } from '../../lab/namespace.ts';
import { romOf } from '../../lab/rom.ts';
import { run } from '../../lab/run.ts';
import { virsh } from '../../lab/virsh.ts';
import { lab } from '../../lab/vitest-lab.ts';
import { connect } from './connect.ts';
import type { Connection } from './connection.ts';
import {
  BlockCommitFlag,
  BlockCopyFlag,
  BlockJobAbortFlag,
  BlockJobStatus,
  BlockResizeFlag,
} from './constants/block-job.ts';
import { CpuCompareResult } from './constants/cpu.ts';
import {
  DomainAffect,
  DomainControlState,
  DomainCreateFlag,
  DomainMetadataType,
} from './constants/domain.ts';
import { MigrateFlag } from './constants/job.ts';
import { SnapshotCreateFlag, SnapshotDeleteFlag } from './constants/snapshot.ts';
import { domainRef } from './domain-ref.ts';
import { LibvirtError } from './errors.ts';
import { type ArgumentsOf, type ProcedureName, procedures, type ResultOf } from './procedures.ts';
import type { DomainRef } from './shapes.ts';
import { formatUuid } from './uuid.ts';

/**
 * Every procedure of the table, on a real daemon: it must understand the arguments, and the client the result. The tests
 * run in order, through the life of a pool and of a guest, so that each call has something to work on.
 */
const [alpha, beta] = [hostOf(lab, 'alpha'), hostOf(lab, 'beta')];
const folder = join(lab.dir, 'procedures');
const image = (name: string) => join(folder, name);
/** Bytes. */
const SIZE = 64 * 2 ** 20;

const called = new Set<ProcedureName>();
let connection: Connection;
let domain: DomainRef;

beforeAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  await cp(romOf(lab.dir), image('rom'));
  await run('qemu-img', ['create', '-q', '-f', 'qcow2', image('base.qcow2'), `${SIZE}`]);
  await run('qemu-img', ['create', '-q', '-f', 'raw', image('second.img'), '1M']);
  for (const path of [folder, image('base.qcow2'), image('second.img')]) await handOver(lab.namespace, path);
  connection = await connect(alpha.uri);
});

afterAll(async () => {
  await connection.close();
  // Where a test failed the guest is still there, on one host or the other.
  for (const host of [alpha, beta]) {
    const names = (await virsh(host, 'list', '--all', '--name')).split('\n').map((name) => name.trim());
    for (const name of names.filter((one) => one.startsWith('procedures'))) {
      await virsh(host, `destroy ${name}; undefine ${name} --snapshots-metadata --checkpoints-metadata`);
    }
  }
  await rm(folder, { recursive: true });
});

function call<K extends ProcedureName>(name: K, args: ArgumentsOf<K>): Promise<ResultOf<K>> {
  called.add(name);
  return connection.call(name, args);
}

/** A call that the daemon understands and refuses for a reason of its own; RPC is what it says when it does not understand. */
async function refused<K extends ProcedureName>(name: K, args: ArgumentsOf<K>): Promise<void> {
  const error: unknown = await call(name, args).then(
    () => null,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(LibvirtError);
  expect(error).toMatchObject({
    libvirtCode: expect.any(Number),
    code: expect.not.stringMatching('LIBVIRT_RPC'),
  });
}

const definition = (name: string) => `<domain type='${lab.accelerator === 'kvm' ? 'kvm' : 'qemu'}'>
  <name>${name}</name><memory unit='MiB'>16</memory><vcpu>1</vcpu>
  <os><type arch='x86_64' machine='q35'>hvm</type><loader type='rom'>${image('rom')}</loader></os>
  <devices>
    <emulator>${lab.emulator}</emulator>
    <controller type='usb' model='none'/><controller type='scsi' model='virtio-scsi'/><memballoon model='none'/>
    <disk type='file'><driver name='qemu' type='qcow2'/><source file='${image('base.qcow2')}'/><target dev='vda' bus='virtio'/></disk>
  </devices>
</domain>`;

/** Waits for the end of the block job that `start` starts, or for it to be ready. */
async function blockJob(start: () => Promise<unknown>): Promise<number> {
  const jobs = connection.events.blockJob();
  await jobs.start();
  await start();
  for await (const { status } of jobs) return status;
  throw new Error('no event of the block job');
}

it('the procedures of the connection work', async () => {
  expect(await call('CONNECT_GET_VERSION', {})).toBeGreaterThan(6_000_000n);
  expect(await call('CONNECT_GET_LIB_VERSION', {})).toBeGreaterThan(6_000_000n);
  expect(await call('CONNECT_GET_CAPABILITIES', {})).toContain('<capabilities>');
  expect(await call('CONNECT_GET_HOSTNAME', {})).not.toBe('');
  expect(await call('CONNECT_GET_URI', {})).toBe('qemu:///session');
  expect(await call('CONNECT_SUPPORTS_FEATURE', { feature: 10 })).toBe(true);
  expect(await call('AUTH_LIST', {})).toEqual([0]);
  const cpu = { emulator: lab.emulator, arch: 'x86_64', machine: 'q35', virtType: 'qemu', flags: 0 };
  const compared = await call('CONNECT_COMPARE_HYPERVISOR_CPU', {
    ...cpu,
    cpuXml: `<cpu mode='custom' match='exact'><model>qemu64</model></cpu>`,
  });
  expect(Object.values(CpuCompareResult)).toContain(compared);
});

it('the procedures of a pool and its volumes work', async () => {
  const xml = `<pool type='dir'><name>procedures</name><target><path>${image('pool')}</path></target></pool>`;
  await mkdir(image('pool'));
  await handOver(lab.namespace, image('pool'));
  const pool = await call('STORAGE_POOL_CREATE_XML', { xml, flags: 0 });
  expect(await call('STORAGE_POOL_LOOKUP_BY_NAME', { name: 'procedures' })).toEqual(pool);
  expect(await call('CONNECT_LIST_ALL_STORAGE_POOLS', { needResults: true, flags: 0 })).toContainEqual(pool);
  const volumeXml = `<volume><name>v</name><capacity>1048576</capacity><target><format type='qcow2'/></target></volume>`;
  const volume = await call('STORAGE_VOL_CREATE_XML', { pool, xml: volumeXml, flags: 0 });
  expect(volume).toEqual({ pool: 'procedures', name: 'v', key: image('pool/v') });
  await call('STORAGE_POOL_REFRESH', { pool, flags: 0 });
  const listing = { pool, needResults: true, flags: 0 };
  expect(await call('STORAGE_POOL_LIST_ALL_VOLUMES', listing)).toEqual([volume]);
  expect(await call('STORAGE_VOL_LOOKUP_BY_NAME', { pool, name: 'v' })).toEqual(volume);
  expect(await call('STORAGE_VOL_LOOKUP_BY_PATH', { path: image('pool/v') })).toEqual(volume);
  expect(await call('STORAGE_POOL_LOOKUP_BY_VOLUME', { volume })).toEqual(pool);
  expect(await call('STORAGE_VOL_GET_INFO', { volume })).toMatchObject({ type: 0, capacity: 1_048_576n });
  expect(await call('STORAGE_VOL_GET_XML_DESC', { volume, flags: 0 })).toContain('<name>v</name>');
  const info = await call('STORAGE_POOL_GET_INFO', { pool });
  expect(info.state).toBe(2);
  expect(info.available).toBeLessThanOrEqual(info.capacity);
  expect(await call('STORAGE_POOL_GET_XML_DESC', { pool, flags: 0 })).toContain('<name>procedures</name>');
  await call('STORAGE_VOL_DELETE', { volume, flags: 0 });
  await call('STORAGE_POOL_DESTROY', { pool });
});

it('the procedures of a guest work', async () => {
  const defined = await call('DOMAIN_DEFINE_XML_FLAGS', { xml: definition('procedures'), flags: 0 });
  expect(defined.id).toBe(-1);
  domain = await call('DOMAIN_CREATE_WITH_FLAGS', { domain: defined, flags: DomainCreateFlag.PAUSED });
  expect(domain.id).toBeGreaterThan(0);
  await call('DOMAIN_SET_METADATA', {
    domain,
    type: DomainMetadataType.ELEMENT,
    metadata: "<note id='1'/>",
    key: 'test',
    uri: 'urn:test',
    flags: DomainAffect.LIVE,
  });
  expect(await call('DOMAIN_GET_XML_DESC', { domain, flags: 0 })).toContain(
    '<test:note xmlns:test="urn:test"',
  );
  await call('DOMAIN_RESUME', { domain });
  expect(await call('DOMAIN_IS_PERSISTENT', { domain })).toBe(true);
  expect(await call('CONNECT_LIST_ALL_DOMAINS', { needResults: true, flags: 0 })).toContainEqual(domain);
  expect(await call('DOMAIN_GET_XML_DESC', { domain, flags: 0 })).toContain(image('base.qcow2'));
  expect(await call('DOMAIN_GET_STATE', { domain, flags: 0 })).toMatchObject({ state: 1 });
  expect(await call('DOMAIN_GET_CONTROL_INFO', { domain, flags: 0 })).toEqual({
    state: DomainControlState.OK,
    details: 0,
    stateTime: 0n,
  });
  expect(await call('DOMAIN_GET_DISK_ERRORS', { domain, maxErrors: 8, flags: 0 })).toEqual({
    errors: [],
    count: 0,
  });
  await refused('DOMAIN_FSTHAW', { domain, mountPoints: [], flags: 0 });
  await refused('DOMAIN_GET_TIME', { domain, flags: 0 });
  const callback = await call('QEMU_CONNECT_DOMAIN_MONITOR_EVENT_REGISTER', {
    domain,
    event: 'STOP',
    flags: 0,
  });
  await call('QEMU_CONNECT_DOMAIN_MONITOR_EVENT_DEREGISTER', { callback });
  const ofDomain = await call('CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY', { event: 4, domain });
  await call('CONNECT_DOMAIN_EVENT_CALLBACK_DEREGISTER_ANY', { callback: ofDomain });
});

it('the procedures of its disk work', async () => {
  const job = { domain, path: 'vda', flags: 0 };
  const snapshotXml = (file: string) =>
    `<domainsnapshot><name>s-${file}</name><disks><disk name='vda'><source file='${image(file)}'/></disk></disks></domainsnapshot>`;
  const disks = { flags: SnapshotCreateFlag.DISK_ONLY };
  const snapshot = await call('DOMAIN_SNAPSHOT_CREATE_XML', { domain, xml: snapshotXml('one'), ...disks });
  expect(await call('DOMAIN_LIST_ALL_SNAPSHOTS', { domain, needResults: true, flags: 0 })).toEqual([
    snapshot,
  ]);
  expect(await call('DOMAIN_SNAPSHOT_GET_XML_DESC', { snapshot, flags: 0 })).toContain('<name>s-one</name>');
  expect(await call('DOMAIN_HAS_CURRENT_SNAPSHOT', { domain, flags: 0 })).toBe(true);
  expect(await call('DOMAIN_SNAPSHOT_CURRENT', { domain, flags: 0 })).toEqual(snapshot);
  await writeFile(image('checkpoint.xml'), '<domaincheckpoint><name>c1</name></domaincheckpoint>');
  await virsh(alpha, 'checkpoint-create', domain.name, image('checkpoint.xml'));
  const checkpoints = await call('DOMAIN_LIST_ALL_CHECKPOINTS', { domain, needResults: true, flags: 0 });
  expect(checkpoints).toEqual([{ name: 'c1', domain }]);
  for (const checkpoint of checkpoints) {
    const xml = await call('DOMAIN_CHECKPOINT_GET_XML_DESC', { checkpoint, flags: 0 });
    expect(xml).toContain('<name>c1</name>');
  }
  await virsh(alpha, 'checkpoint-delete', domain.name, 'c1');
  await refused('DOMAIN_REVERT_TO_SNAPSHOT', { snapshot: { ...snapshot, name: 'none' }, flags: 0 });
  await call('DOMAIN_SNAPSHOT_DELETE', { snapshot, flags: SnapshotDeleteFlag.METADATA_ONLY });
  expect(await call('DOMAIN_HAS_CURRENT_SNAPSHOT', { domain, flags: 0 })).toBe(false);

  const ready = await blockJob(() =>
    call('DOMAIN_BLOCK_COMMIT', {
      ...{ domain, disk: 'vda', base: null, top: null, bandwidth: 0 },
      flags: BlockCommitFlag.ACTIVE,
    }),
  );
  expect(ready).toBe(BlockJobStatus.READY);
  await call('DOMAIN_BLOCK_JOB_SET_SPEED', { ...job, bandwidth: 100 });
  expect(await call('DOMAIN_GET_BLOCK_JOB_INFO', job)).toMatchObject({ found: true, bandwidth: 100n });
  await call('DOMAIN_BLOCK_JOB_ABORT', { ...job, flags: BlockJobAbortFlag.PIVOT });
  expect(await call('DOMAIN_GET_BLOCK_JOB_INFO', job)).toMatchObject({ found: false });

  await call('DOMAIN_SNAPSHOT_CREATE_XML', {
    domain,
    xml: snapshotXml('two'),
    flags: SnapshotCreateFlag.DISK_ONLY | SnapshotCreateFlag.NO_METADATA,
  });
  const rebase = { ...job, base: image('base.qcow2'), bandwidth: 0 };
  expect(await blockJob(() => call('DOMAIN_BLOCK_REBASE', rebase))).toBe(BlockJobStatus.COMPLETED);
  expect(await blockJob(() => call('DOMAIN_BLOCK_PULL', { ...job, bandwidth: 0 }))).toBe(
    BlockJobStatus.COMPLETED,
  );
  await call('DOMAIN_BLOCK_RESIZE', { domain, disk: 'vda', size: SIZE, flags: BlockResizeFlag.BYTES });
  const copied = await blockJob(() =>
    call('DOMAIN_BLOCK_COPY', {
      ...{ domain, path: 'vda', flags: BlockCopyFlag.TRANSIENT_JOB },
      destinationXml: `<disk type='file'><source file='${image('copy')}'/><driver type='qcow2'/></disk>`,
      parameters: [
        { field: 'bandwidth', kind: 'ullong', value: 2n ** 30n },
        { field: 'granularity', kind: 'uint', value: 65_536 },
      ],
    }),
  );
  expect(copied).toBe(BlockJobStatus.READY);
  await call('DOMAIN_BLOCK_JOB_ABORT', job);
});

it('the events of a device that comes and goes arrive', async () => {
  // On virtio-scsi it may go without the guest's consent.
  const disk = `<disk type='file'><driver name='qemu' type='raw'/><source file='${image('second.img')}'/><target dev='sdb' bus='scsi'/></disk>`;
  await writeFile(image('disk.xml'), disk);
  const [added, removed] = [connection.events.deviceAdded(), connection.events.deviceRemoved()];
  await Promise.all([added.start(), removed.start()]);
  for (const command of ['attach-device', 'detach-device']) {
    await run('virsh', ['-q', '-c', alpha.uri, command, domain.name, image('disk.xml'), '--live']);
  }
  const device = { domain: { name: domain.name }, alias: 'scsi0-0-0-1' };
  expect((await added.next()).value).toMatchObject(device);
  expect((await removed.next()).value).toMatchObject(device);
  await Promise.all([added.return?.(), removed.return?.()]);
});

it('the procedures of its migration to another host and back work', async () => {
  await refused('DOMAIN_ABORT_JOB', { domain });
  called.add('DOMAIN_MIGRATE_PERFORM3_PARAMS');
  const { LIVE, PEER2PEER, PERSIST_DEST, UNDEFINE_SOURCE, UNSAFE } = MigrateFlag;
  const over = {
    domain,
    cookie: new Uint8Array(),
    flags: LIVE | PEER2PEER | PERSIST_DEST | UNDEFINE_SOURCE | UNSAFE,
  };
  const way = (name: string) => [
    { field: 'migrate_uri', kind: 'string' as const, value: `unix://${image(name)}` },
    { field: 'bandwidth', kind: 'ullong' as const, value: 1000 },
  ];
  await connection.long('DOMAIN_MIGRATE_PERFORM3_PARAMS', {
    ...over,
    destinationUri: beta.uri,
    parameters: way('over.sock'),
  });
  const away = await connect(beta.uri);
  await away.long('DOMAIN_MIGRATE_PERFORM3_PARAMS', {
    ...over,
    destinationUri: alpha.uri,
    parameters: way('back.sock'),
  });
  await away.close();
  domain = domainRef(formatUuid(domain.uuid), domain.name);
  expect(await call('DOMAIN_GET_JOB_STATS', { domain, flags: 0 })).toMatchObject({ type: 0 });
});

it('the procedures of its end work', async () => {
  await call('DOMAIN_DESTROY_FLAGS', { domain, flags: 0 });
  await call('DOMAIN_UNDEFINE_FLAGS', { domain, flags: 0 });
});

it('every procedure was called', async () => {
  // `connect` opens; polkit was not offered, which ends the connection.
  called.add('CONNECT_OPEN').add('AUTH_POLKIT');
  const other = await connect(alpha.uri);
  await expect(other.call('AUTH_POLKIT', {})).rejects.toThrow(LibvirtError);
  await other.close();
  expect(Object.keys(procedures).filter((name) => ![...called].some((one) => one === name))).toEqual([]);
});
