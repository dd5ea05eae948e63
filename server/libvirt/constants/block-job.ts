/** `virDomainBlockJobType` */
export const BlockJobType = {
  UNKNOWN: 0,
  PULL: 1,
  COPY: 2,
  COMMIT: 3,
  ACTIVE_COMMIT: 4,
  BACKUP: 5,
} as const;

/** What a block job event says. `virConnectDomainEventBlockJobStatus` */
export const BlockJobStatus = {
  COMPLETED: 0,
  FAILED: 1,
  CANCELED: 2,
  READY: 3,
} as const;

/** `virDomainBlockJobAbortFlags` */
export const BlockJobAbortFlag = {
  ASYNC: 1,
  PIVOT: 2,
} as const;

/** `virDomainBlockJobInfoFlags` */
export const BlockJobInfoFlag = {
  BANDWIDTH_BYTES: 1,
} as const;

/** `virDomainBlockJobSetSpeedFlags` */
export const BlockJobSetSpeedFlag = {
  BANDWIDTH_BYTES: 1,
} as const;

/** `virDomainBlockPullFlags` */
export const BlockPullFlag = {
  BANDWIDTH_BYTES: 1 << 6,
} as const;

/** `virDomainBlockResizeFlags` */
export const BlockResizeFlag = {
  BYTES: 1,
  /** Since libvirt 12.3. */
  EXTEND: 1 << 2,
} as const;

/** `virDomainBlockRebaseFlags` */
export const BlockRebaseFlag = {
  SHALLOW: 1,
  REUSE_EXT: 2,
  COPY_RAW: 1 << 2,
  COPY: 1 << 3,
  RELATIVE: 1 << 4,
  COPY_DEV: 1 << 5,
  BANDWIDTH_BYTES: 1 << 6,
} as const;

/** `virDomainBlockCommitFlags` */
export const BlockCommitFlag = {
  SHALLOW: 1,
  DELETE: 2,
  ACTIVE: 1 << 2,
  RELATIVE: 1 << 3,
  BANDWIDTH_BYTES: 1 << 4,
} as const;

/** `virDomainBlockCopyFlags` */
export const BlockCopyFlag = {
  SHALLOW: 1,
  REUSE_EXT: 2,
  TRANSIENT_JOB: 1 << 2,
  SYNCHRONOUS_WRITES: 1 << 3,
} as const;
