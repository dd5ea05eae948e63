import { readFileSync } from 'node:fs';
import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import * as blockJob from './block-job.ts';
import * as cpu from './cpu.ts';
import * as domain from './domain.ts';
import { ErrorNumber } from './error-number.ts';
import * as event from './event.ts';
import * as job from './job.ts';
import * as snapshot from './snapshot.ts';
import * as storage from './storage.ts';

interface Entry {
  name: string;
  type: string;
  value: string;
}

/** Every enum entry of the descriptions that libvirt's development package ships. */
function described(): Entry[] {
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' });
  return ['libvirt', 'libvirt-qemu'].flatMap((api): Entry[] => {
    const document = parser.parse(readFileSync(`/usr/share/libvirt/api/${api}-api.xml`));
    return document.api.symbols.enum;
  });
}

const entries = described();
const byName = new Map(entries.map((entry) => [entry.name, entry]));

/** Some values are given by the name of another entry. */
function numberOf(name: string): number {
  const entry = byName.get(name);
  if (entry === undefined) throw new Error(`libvirt does not describe ${name}`);
  const value = Number(entry.value);
  return Number.isNaN(value) ? numberOf(entry.value) : value;
}

/** Whether the value is beyond all that this machine's libvirt has of the type. */
function isNewer(value: number, type: string): boolean {
  const known = entries.filter((entry) => entry.type === type && !entry.name.endsWith('_LAST'));
  return known.length > 0 && known.every(({ name }) => numberOf(name) < value);
}

const { BlockJobType, BlockJobStatus } = blockJob;
const { DomainState } = domain;

/** Each constant with the prefix of its entries and the type that they have. */
const constants: [string, Readonly<Record<string, number>>, prefix: string, type: string][] = [
  ['ErrorNumber', ErrorNumber, 'VIR_ERR_', 'virErrorNumber'],
  ['DomainState', DomainState, 'VIR_DOMAIN_', 'virDomainState'],
  ['DomainPausedReason', domain.DomainPausedReason, 'VIR_DOMAIN_PAUSED_', 'virDomainPausedReason'],
  ['DomainControlState', domain.DomainControlState, 'VIR_DOMAIN_CONTROL_', 'virDomainControlState'],
  ['DomainDiskError', domain.DomainDiskError, 'VIR_DOMAIN_DISK_ERROR_', 'virDomainDiskErrorCode'],
  ['ListDomainsFlag', domain.ListDomainsFlag, 'VIR_CONNECT_LIST_DOMAINS_', 'virConnectListAllDomainsFlags'],
  ['DomainXmlFlag', domain.DomainXmlFlag, 'VIR_DOMAIN_XML_', 'virDomainXMLFlags'],
  ['DomainCreateFlag', domain.DomainCreateFlag, 'VIR_DOMAIN_START_', 'virDomainCreateFlags'],
  ['DomainShutoffReason', domain.DomainShutoffReason, 'VIR_DOMAIN_SHUTOFF_', 'virDomainShutoffReason'],
  ['DomainUndefineFlag', domain.DomainUndefineFlag, 'VIR_DOMAIN_UNDEFINE_', 'virDomainUndefineFlagsValues'],
  ['DomainDestroyFlag', domain.DomainDestroyFlag, 'VIR_DOMAIN_DESTROY_', 'virDomainDestroyFlagsValues'],
  ['DomainAffect', domain.DomainAffect, 'VIR_DOMAIN_AFFECT_', 'virDomainModificationImpact'],
  ['DomainMetadataType', domain.DomainMetadataType, 'VIR_DOMAIN_METADATA_', 'virDomainMetadataType'],
  ['BlockJobType', BlockJobType, 'VIR_DOMAIN_BLOCK_JOB_TYPE_', 'virDomainBlockJobType'],
  ['BlockJobStatus', BlockJobStatus, 'VIR_DOMAIN_BLOCK_JOB_', 'virConnectDomainEventBlockJobStatus'],
  [
    'BlockJobAbortFlag',
    blockJob.BlockJobAbortFlag,
    'VIR_DOMAIN_BLOCK_JOB_ABORT_',
    'virDomainBlockJobAbortFlags',
  ],
  ['BlockJobInfoFlag', blockJob.BlockJobInfoFlag, 'VIR_DOMAIN_BLOCK_JOB_INFO_', 'virDomainBlockJobInfoFlags'],
  [
    'BlockJobSetSpeedFlag',
    blockJob.BlockJobSetSpeedFlag,
    'VIR_DOMAIN_BLOCK_JOB_SPEED_',
    'virDomainBlockJobSetSpeedFlags',
  ],
  ['BlockPullFlag', blockJob.BlockPullFlag, 'VIR_DOMAIN_BLOCK_PULL_', 'virDomainBlockPullFlags'],
  ['BlockResizeFlag', blockJob.BlockResizeFlag, 'VIR_DOMAIN_BLOCK_RESIZE_', 'virDomainBlockResizeFlags'],
  ['BlockRebaseFlag', blockJob.BlockRebaseFlag, 'VIR_DOMAIN_BLOCK_REBASE_', 'virDomainBlockRebaseFlags'],
  ['BlockCommitFlag', blockJob.BlockCommitFlag, 'VIR_DOMAIN_BLOCK_COMMIT_', 'virDomainBlockCommitFlags'],
  ['BlockCopyFlag', blockJob.BlockCopyFlag, 'VIR_DOMAIN_BLOCK_COPY_', 'virDomainBlockCopyFlags'],
  ['CpuCompareResult', cpu.CpuCompareResult, 'VIR_CPU_COMPARE_', 'virCPUCompareResult'],
  ['JobType', job.JobType, 'VIR_DOMAIN_JOB_', 'virDomainJobType'],
  ['JobOperation', job.JobOperation, 'VIR_DOMAIN_JOB_OPERATION_', 'virDomainJobOperation'],
  ['MigrateFlag', job.MigrateFlag, 'VIR_MIGRATE_', 'virDomainMigrateFlags'],
  [
    'SnapshotCreateFlag',
    snapshot.SnapshotCreateFlag,
    'VIR_DOMAIN_SNAPSHOT_CREATE_',
    'virDomainSnapshotCreateFlags',
  ],
  [
    'SnapshotRevertFlag',
    snapshot.SnapshotRevertFlag,
    'VIR_DOMAIN_SNAPSHOT_REVERT_',
    'virDomainSnapshotRevertFlags',
  ],
  [
    'SnapshotDeleteFlag',
    snapshot.SnapshotDeleteFlag,
    'VIR_DOMAIN_SNAPSHOT_DELETE_',
    'virDomainSnapshotDeleteFlags',
  ],
  ['StoragePoolState', storage.StoragePoolState, 'VIR_STORAGE_POOL_', 'virStoragePoolState'],
  [
    'ListStoragePoolsFlag',
    storage.ListStoragePoolsFlag,
    'VIR_CONNECT_LIST_STORAGE_POOLS_',
    'virConnectListAllStoragePoolsFlags',
  ],
  [
    'StorageVolumeDeleteFlag',
    storage.StorageVolumeDeleteFlag,
    'VIR_STORAGE_VOL_DELETE_',
    'virStorageVolDeleteFlags',
  ],
  ['DomainEventId', event.DomainEventId, 'VIR_DOMAIN_EVENT_ID_', 'virDomainEventID'],
];

describe.each(constants)('%s', (_, constant, prefix, type) => {
  it('has the values that libvirt gives', () => {
    const given = Object.entries(constant).map(([name, value]) => [
      name,
      isNewer(value, type) ? value : numberOf(prefix + name),
    ]);
    expect(constant).toEqual(Object.fromEntries(given));
  });

  it('belongs to the type that its comment names', () => {
    const older = Object.entries(constant).filter(([, value]) => !isNewer(value, type));
    const types = older.map(([name]) => byName.get(prefix + name)?.type);
    expect(new Set(types)).toEqual(new Set([type]));
  });
});

it('every exported constant is compared with libvirt’s', () => {
  const modules = [blockJob, cpu, domain, event, job, snapshot, storage].flatMap((module) =>
    Object.values(module),
  );
  const checked = new Set<unknown>(constants.map(([, constant]) => constant));
  expect(modules.filter((constant) => !checked.has(constant))).toEqual([]);
});
