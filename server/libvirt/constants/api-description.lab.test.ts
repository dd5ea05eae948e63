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

const { BlockJobType, BlockJobStatus } = blockJob;
const { DomainState, DomainEvent } = { ...domain, ...event };

/** Each constant with the prefix of its entries and the type that they have. */
const constants: [string, Readonly<Record<string, number>>, prefix: string, type: string][] = [
  ['ErrorNumber', ErrorNumber, 'VIR_ERR_', 'virErrorNumber'],
  ['DomainState', DomainState, 'VIR_DOMAIN_', 'virDomainState'],
  ['DomainShutoffReason', domain.DomainShutoffReason, 'VIR_DOMAIN_SHUTOFF_', 'virDomainShutoffReason'],
  ['DomainPausedReason', domain.DomainPausedReason, 'VIR_DOMAIN_PAUSED_', 'virDomainPausedReason'],
  ['DomainDiskError', domain.DomainDiskError, 'VIR_DOMAIN_DISK_ERROR_', 'virDomainDiskErrorCode'],
  ['ListDomainsFlag', domain.ListDomainsFlag, 'VIR_CONNECT_LIST_DOMAINS_', 'virConnectListAllDomainsFlags'],
  ['DomainXmlFlag', domain.DomainXmlFlag, 'VIR_DOMAIN_XML_', 'virDomainXMLFlags'],
  ['DomainCreateFlag', domain.DomainCreateFlag, 'VIR_DOMAIN_START_', 'virDomainCreateFlags'],
  ['DomainDefineFlag', domain.DomainDefineFlag, 'VIR_DOMAIN_DEFINE_', 'virDomainDefineFlags'],
  ['DomainUndefineFlag', domain.DomainUndefineFlag, 'VIR_DOMAIN_UNDEFINE_', 'virDomainUndefineFlagsValues'],
  ['DomainDestroyFlag', domain.DomainDestroyFlag, 'VIR_DOMAIN_DESTROY_', 'virDomainDestroyFlagsValues'],
  ['DomainAffect', domain.DomainAffect, 'VIR_DOMAIN_AFFECT_', 'virDomainModificationImpact'],
  ['DomainMetadataType', domain.DomainMetadataType, 'VIR_DOMAIN_METADATA_', 'virDomainMetadataType'],
  ['DomainStats', domain.DomainStats, 'VIR_DOMAIN_STATS_', 'virDomainStatsTypes'],
  [
    'DomainStatsFlag',
    domain.DomainStatsFlag,
    'VIR_CONNECT_GET_ALL_DOMAINS_STATS_',
    'virConnectGetAllDomainStatsFlags',
  ],
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
  ['JobStatsFlag', job.JobStatsFlag, 'VIR_DOMAIN_JOB_STATS_', 'virDomainGetJobStatsFlags'],
  ['MigrateFlag', job.MigrateFlag, 'VIR_MIGRATE_', 'virDomainMigrateFlags'],
  [
    'SnapshotCreateFlag',
    snapshot.SnapshotCreateFlag,
    'VIR_DOMAIN_SNAPSHOT_CREATE_',
    'virDomainSnapshotCreateFlags',
  ],
  [
    'SnapshotDeleteFlag',
    snapshot.SnapshotDeleteFlag,
    'VIR_DOMAIN_SNAPSHOT_DELETE_',
    'virDomainSnapshotDeleteFlags',
  ],
  ['SnapshotListFlag', snapshot.SnapshotListFlag, 'VIR_DOMAIN_SNAPSHOT_LIST_', 'virDomainSnapshotListFlags'],
  ['SnapshotXmlFlag', snapshot.SnapshotXmlFlag, 'VIR_DOMAIN_SNAPSHOT_XML_', 'virDomainSnapshotXMLFlags'],
  ['StoragePoolState', storage.StoragePoolState, 'VIR_STORAGE_POOL_', 'virStoragePoolState'],
  [
    'ListStoragePoolsFlag',
    storage.ListStoragePoolsFlag,
    'VIR_CONNECT_LIST_STORAGE_POOLS_',
    'virConnectListAllStoragePoolsFlags',
  ],
  [
    'StoragePoolCreateFlag',
    storage.StoragePoolCreateFlag,
    'VIR_STORAGE_POOL_CREATE_',
    'virStoragePoolCreateFlags',
  ],
  [
    'StoragePoolBuildFlag',
    storage.StoragePoolBuildFlag,
    'VIR_STORAGE_POOL_BUILD_',
    'virStoragePoolBuildFlags',
  ],
  ['StorageVolumeType', storage.StorageVolumeType, 'VIR_STORAGE_VOL_', 'virStorageVolType'],
  [
    'StorageVolumeCreateFlag',
    storage.StorageVolumeCreateFlag,
    'VIR_STORAGE_VOL_CREATE_',
    'virStorageVolCreateFlags',
  ],
  [
    'StorageVolumeDeleteFlag',
    storage.StorageVolumeDeleteFlag,
    'VIR_STORAGE_VOL_DELETE_',
    'virStorageVolDeleteFlags',
  ],
  ['DomainEventId', event.DomainEventId, 'VIR_DOMAIN_EVENT_ID_', 'virDomainEventID'],
  ['DomainEvent', DomainEvent, 'VIR_DOMAIN_EVENT_', 'virDomainEventType'],
  [
    'DomainStartedDetail',
    event.DomainStartedDetail,
    'VIR_DOMAIN_EVENT_STARTED_',
    'virDomainEventStartedDetailType',
  ],
  [
    'DomainStoppedDetail',
    event.DomainStoppedDetail,
    'VIR_DOMAIN_EVENT_STOPPED_',
    'virDomainEventStoppedDetailType',
  ],
  [
    'DomainSuspendedDetail',
    event.DomainSuspendedDetail,
    'VIR_DOMAIN_EVENT_SUSPENDED_',
    'virDomainEventSuspendedDetailType',
  ],
  [
    'DomainDefinedDetail',
    event.DomainDefinedDetail,
    'VIR_DOMAIN_EVENT_DEFINED_',
    'virDomainEventDefinedDetailType',
  ],
  [
    'DiskChangeReason',
    event.DiskChangeReason,
    'VIR_DOMAIN_EVENT_DISK_',
    'virConnectDomainEventDiskChangeReason',
  ],
  [
    'TrayChangeReason',
    event.TrayChangeReason,
    'VIR_DOMAIN_EVENT_TRAY_CHANGE_',
    'virDomainEventTrayChangeReason',
  ],
  ['StoragePoolEventId', event.StoragePoolEventId, 'VIR_STORAGE_POOL_EVENT_ID_', 'virStoragePoolEventID'],
  ['StoragePoolEvent', event.StoragePoolEvent, 'VIR_STORAGE_POOL_EVENT_', 'virStoragePoolEventLifecycleType'],
  [
    'QemuMonitorEventFlag',
    event.QemuMonitorEventFlag,
    'VIR_CONNECT_DOMAIN_QEMU_MONITOR_EVENT_REGISTER_',
    'virConnectDomainQemuMonitorEventRegisterFlags',
  ],
  [
    'QemuMonitorCommandFlag',
    event.QemuMonitorCommandFlag,
    'VIR_DOMAIN_QEMU_MONITOR_COMMAND_',
    'virDomainQemuMonitorCommandFlags',
  ],
];

describe.each(constants)('%s', (_, constant, prefix, type) => {
  it('has the values that libvirt gives', () => {
    const given = Object.keys(constant).map((name) => [name, numberOf(prefix + name)]);
    expect(constant).toEqual(Object.fromEntries(given));
  });

  it('belongs to the type that its comment names', () => {
    const types = Object.keys(constant).map((name) => byName.get(prefix + name)?.type);
    expect(new Set(types)).toEqual(new Set([type]));
  });
});

it('every constant that is exported is among them', () => {
  const modules = [blockJob, cpu, domain, event, job, snapshot, storage].flatMap((module) =>
    Object.values(module),
  );
  const checked = new Set<unknown>(constants.map(([, constant]) => constant));
  expect(modules.filter((constant) => !checked.has(constant))).toEqual([]);
});
