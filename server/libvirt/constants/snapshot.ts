/** `virDomainSnapshotCreateFlags` */
export const SnapshotCreateFlag = {
  REDEFINE: 1,
  CURRENT: 2,
  NO_METADATA: 1 << 2,
  HALT: 1 << 3,
  DISK_ONLY: 1 << 4,
  REUSE_EXT: 1 << 5,
  QUIESCE: 1 << 6,
  ATOMIC: 1 << 7,
  LIVE: 1 << 8,
  VALIDATE: 1 << 9,
} as const;

/** `virDomainSnapshotRevertFlags` */
export const SnapshotRevertFlag = {
  RUNNING: 1,
  PAUSED: 2,
  FORCE: 1 << 2,
  RESET_NVRAM: 1 << 3,
} as const;

/** `virDomainSnapshotDeleteFlags` */
export const SnapshotDeleteFlag = {
  CHILDREN: 1,
  METADATA_ONLY: 2,
  CHILDREN_ONLY: 1 << 2,
} as const;
