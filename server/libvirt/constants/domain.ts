/** A guest's state, first field of DOMAIN_GET_STATE. `virDomainState` */
export const DomainState = {
  NOSTATE: 0,
  RUNNING: 1,
  BLOCKED: 2,
  PAUSED: 3,
  SHUTDOWN: 4,
  SHUTOFF: 5,
  CRASHED: 6,
  PMSUSPENDED: 7,
} as const;

/** Why a guest is off, second field of DOMAIN_GET_STATE. `virDomainShutoffReason` */
export const DomainShutoffReason = {
  FAILED: 6,
} as const;

/** `virDomainUndefineFlagsValues` */
export const DomainUndefineFlag = {
  KEEP_NVRAM: 1 << 3,
} as const;

/** Why a guest is paused, second field of DOMAIN_GET_STATE. `virDomainPausedReason` */
export const DomainPausedReason = {
  UNKNOWN: 0,
  USER: 1,
  MIGRATION: 2,
  SAVE: 3,
  DUMP: 4,
  IOERROR: 5,
  WATCHDOG: 6,
  FROM_SNAPSHOT: 7,
  SHUTTING_DOWN: 8,
  SNAPSHOT: 9,
  CRASHED: 10,
  STARTING_UP: 11,
  POSTCOPY: 12,
  POSTCOPY_FAILED: 13,
} as const;

/** What libvirt's connection to a guest's QEMU does, of DOMAIN_GET_CONTROL_INFO. `virDomainControlState` */
export const DomainControlState = {
  OK: 0,
  JOB: 1,
  OCCUPIED: 2,
  ERROR: 3,
} as const;

/** What went wrong on a disk, of DOMAIN_GET_DISK_ERRORS. `virDomainDiskErrorCode` */
export const DomainDiskError = {
  NONE: 0,
  UNSPEC: 1,
  NO_SPACE: 2,
} as const;

/** `virConnectListAllDomainsFlags` */
export const ListDomainsFlag = {
  ACTIVE: 1,
  INACTIVE: 2,
  PERSISTENT: 1 << 2,
  TRANSIENT: 1 << 3,
  RUNNING: 1 << 4,
  PAUSED: 1 << 5,
  SHUTOFF: 1 << 6,
  OTHER: 1 << 7,
  MANAGEDSAVE: 1 << 8,
  NO_MANAGEDSAVE: 1 << 9,
  AUTOSTART: 1 << 10,
  NO_AUTOSTART: 1 << 11,
  HAS_SNAPSHOT: 1 << 12,
  NO_SNAPSHOT: 1 << 13,
  HAS_CHECKPOINT: 1 << 14,
  NO_CHECKPOINT: 1 << 15,
} as const;

/** `virDomainXMLFlags` */
export const DomainXmlFlag = {
  SECURE: 1,
  INACTIVE: 2,
  UPDATE_CPU: 1 << 2,
  MIGRATABLE: 1 << 3,
} as const;

/** `virDomainCreateFlags` */
export const DomainCreateFlag = {
  PAUSED: 1,
  AUTODESTROY: 2,
  BYPASS_CACHE: 1 << 2,
  FORCE_BOOT: 1 << 3,
  VALIDATE: 1 << 4,
  RESET_NVRAM: 1 << 5,
} as const;

/** `virDomainDestroyFlagsValues` */
export const DomainDestroyFlag = {
  DEFAULT: 0,
  GRACEFUL: 1,
  REMOVE_LOGS: 2,
} as const;

/** `virDomainMetadataType` */
export const DomainMetadataType = {
  DESCRIPTION: 0,
  TITLE: 1,
  ELEMENT: 2,
} as const;

/** What of a guest a change is made to. `virDomainModificationImpact` */
export const DomainAffect = {
  CURRENT: 0,
  LIVE: 1,
  CONFIG: 2,
} as const;
