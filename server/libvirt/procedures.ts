import { checkpoint, domain, snapshot, storagePool, storageVolume } from './shapes.ts';
import { typedParameters } from './typed-parameters.ts';
import type { Codec, Decoder, Encoder, Read, Written } from './xdr/codec.ts';
import { list, listed, optional, struct } from './xdr/composites.ts';
import { bool, int, opaque, string, uhyper, uint } from './xdr/scalars.ts';

/** Numbers of the programs that share one connection. */
export const Program = { REMOTE: 0x20008086, QEMU: 0x20008087, KEEPALIVE: 0x6b656570 } as const;

export interface Procedure<Arguments, Result> {
  readonly program: number;
  readonly number: number;
  readonly args: Encoder<Arguments>;
  readonly result: Decoder<Result>;
}

const remote = <A, B, R, S>(number: number, args: Codec<A, B>, result: Codec<R, S>) => ({
  program: Program.REMOTE,
  number,
  args,
  result,
});

const qemu = <A, B, R, S>(number: number, args: Codec<A, B>, result: Codec<R, S>) => ({
  program: Program.QEMU,
  number,
  args,
  result,
});

const nothing = struct({});
const flags = uint;
const ofDomain = struct({ domain });
const withFlags = struct({ domain, flags });

/**
 * Every procedure this client speaks, by libvirt's own name (REMOTE_PROC_…, QEMU_PROC_… as QEMU_…). Where a result has a
 * single field it is that field's value. Bandwidths are MiB/s unless the flag of the procedure says bytes.
 *
 * Block statistics are left out on purpose (DOMAIN_GET_BLOCK_INFO, CONNECT_GET_ALL_DOMAIN_STATS): reading them during a pull
 * killed guests with QEMU 7.2.22, see docs/adr/0020-one-guest-one-job.md.
 */
export const procedures = {
  CONNECT_OPEN: remote(1, struct({ name: optional(string), flags }), nothing),
  CONNECT_GET_VERSION: remote(4, nothing, uhyper),
  CONNECT_GET_CAPABILITIES: remote(7, nothing, string),
  CONNECT_GET_HOSTNAME: remote(59, nothing, string),
  CONNECT_SUPPORTS_FEATURE: remote(60, struct({ feature: int }), bool),
  CONNECT_GET_URI: remote(110, nothing, string),
  CONNECT_GET_LIB_VERSION: remote(157, nothing, uhyper),
  /** One of `CpuCompareResult`: what the host's QEMU makes of a guest's `<cpu>`. */
  CONNECT_COMPARE_HYPERVISOR_CPU: remote(
    393,
    struct({
      emulator: optional(string),
      arch: optional(string),
      machine: optional(string),
      virtType: optional(string),
      cpuXml: string,
      flags,
    }),
    int,
  ),
  AUTH_LIST: remote(66, nothing, list(int)),
  AUTH_POLKIT: remote(70, nothing, int),

  CONNECT_LIST_ALL_DOMAINS: remote(273, struct({ needResults: bool, flags }), listed(domain)),
  CONNECT_LIST_ALL_STORAGE_POOLS: remote(281, struct({ needResults: bool, flags }), listed(storagePool)),
  CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY: remote(
    316,
    struct({ event: int, domain: optional(domain) }),
    int,
  ),
  CONNECT_DOMAIN_EVENT_CALLBACK_DEREGISTER_ANY: remote(317, struct({ callback: int }), nothing),

  DOMAIN_IS_PERSISTENT: remote(151, ofDomain, bool),
  DOMAIN_GET_XML_DESC: remote(14, withFlags, string),
  DOMAIN_GET_STATE: remote(212, withFlags, struct({ state: int, reason: int })),
  DOMAIN_GET_CONTROL_INFO: remote(229, withFlags, struct({ state: uint, details: uint, stateTime: uhyper })),
  DOMAIN_GET_DISK_ERRORS: remote(
    263,
    struct({ domain, maxErrors: uint, flags }),
    struct({ errors: list(struct({ disk: string, error: int })), count: int }),
  ),
  DOMAIN_DEFINE_XML_FLAGS: remote(350, struct({ xml: string, flags }), domain),
  DOMAIN_CREATE_WITH_FLAGS: remote(196, withFlags, domain),
  DOMAIN_UNDEFINE_FLAGS: remote(231, withFlags, nothing),
  DOMAIN_DESTROY_FLAGS: remote(234, withFlags, nothing),
  DOMAIN_RESUME: remote(28, ofDomain, nothing),
  /** `metadata` of kind ELEMENT is one XML element, kept under the namespace `uri` with the prefix `key`. */
  DOMAIN_SET_METADATA: remote(
    264,
    struct({
      domain,
      type: int,
      metadata: optional(string),
      key: optional(string),
      uri: optional(string),
      flags,
    }),
    nothing,
  ),

  DOMAIN_GET_BLOCK_JOB_INFO: remote(
    238,
    struct({ domain, path: string, flags }),
    struct({ found: bool, type: int, bandwidth: uhyper, cur: uhyper, end: uhyper }),
  ),
  DOMAIN_BLOCK_JOB_SET_SPEED: remote(
    239,
    struct({ domain, path: string, bandwidth: uhyper, flags }),
    nothing,
  ),
  DOMAIN_BLOCK_JOB_ABORT: remote(237, struct({ domain, path: string, flags }), nothing),
  DOMAIN_BLOCK_PULL: remote(240, struct({ domain, path: string, bandwidth: uhyper, flags }), nothing),
  DOMAIN_BLOCK_REBASE: remote(
    266,
    struct({ domain, path: string, base: optional(string), bandwidth: uhyper, flags }),
    nothing,
  ),
  DOMAIN_BLOCK_RESIZE: remote(251, struct({ domain, disk: string, size: uhyper, flags }), nothing),
  DOMAIN_BLOCK_COMMIT: remote(
    290,
    struct({ domain, disk: string, base: optional(string), top: optional(string), bandwidth: uhyper, flags }),
    nothing,
  ),
  DOMAIN_BLOCK_COPY: remote(
    345,
    struct({ domain, path: string, destinationXml: string, parameters: typedParameters, flags }),
    nothing,
  ),

  /** By the guest's agent; without mount points all file systems. The result is how many there were. */
  DOMAIN_FSTHAW: remote(336, struct({ domain, mountPoints: list(string), flags }), int),
  /** By the guest's agent: seconds and nanoseconds since 1970. */
  DOMAIN_GET_TIME: remote(337, withFlags, struct({ seconds: uhyper, nanoseconds: uint })),

  DOMAIN_LIST_ALL_SNAPSHOTS: remote(274, struct({ domain, needResults: bool, flags }), listed(snapshot)),
  DOMAIN_SNAPSHOT_CREATE_XML: remote(185, struct({ domain, xml: string, flags }), snapshot),
  DOMAIN_SNAPSHOT_GET_XML_DESC: remote(186, struct({ snapshot, flags }), string),
  DOMAIN_HAS_CURRENT_SNAPSHOT: remote(190, withFlags, bool),
  DOMAIN_SNAPSHOT_CURRENT: remote(191, withFlags, snapshot),
  DOMAIN_REVERT_TO_SNAPSHOT: remote(192, struct({ snapshot, flags }), nothing),
  DOMAIN_SNAPSHOT_DELETE: remote(193, struct({ snapshot, flags }), nothing),
  DOMAIN_LIST_ALL_CHECKPOINTS: remote(413, struct({ domain, needResults: bool, flags }), listed(checkpoint)),
  /** With the flag SIZE, which is not used, libvirt asks QEMU for block statistics. */
  DOMAIN_CHECKPOINT_GET_XML_DESC: remote(412, struct({ checkpoint, flags }), string),

  DOMAIN_ABORT_JOB: remote(164, ofDomain, nothing),
  DOMAIN_GET_JOB_STATS: remote(298, withFlags, struct({ type: int, parameters: typedParameters })),
  DOMAIN_MIGRATE_PERFORM3_PARAMS: remote(
    305,
    struct({ domain, destinationUri: optional(string), parameters: typedParameters, cookie: opaque, flags }),
    opaque,
  ),

  STORAGE_POOL_CREATE_XML: remote(76, struct({ xml: string, flags }), storagePool),
  STORAGE_POOL_DESTROY: remote(80, struct({ pool: storagePool }), nothing),
  STORAGE_POOL_REFRESH: remote(83, struct({ pool: storagePool, flags }), nothing),
  STORAGE_POOL_LOOKUP_BY_NAME: remote(84, struct({ name: string }), storagePool),
  STORAGE_POOL_LOOKUP_BY_VOLUME: remote(86, struct({ volume: storageVolume }), storagePool),
  /** Bytes. */
  STORAGE_POOL_GET_INFO: remote(
    87,
    struct({ pool: storagePool }),
    struct({ state: int, capacity: uhyper, allocation: uhyper, available: uhyper }),
  ),
  STORAGE_POOL_GET_XML_DESC: remote(88, struct({ pool: storagePool, flags }), string),
  STORAGE_POOL_LIST_ALL_VOLUMES: remote(
    282,
    struct({ pool: storagePool, needResults: bool, flags }),
    listed(storageVolume),
  ),
  STORAGE_VOL_CREATE_XML: remote(93, struct({ pool: storagePool, xml: string, flags }), storageVolume),
  STORAGE_VOL_DELETE: remote(94, struct({ volume: storageVolume, flags }), nothing),
  STORAGE_VOL_LOOKUP_BY_NAME: remote(95, struct({ pool: storagePool, name: string }), storageVolume),
  STORAGE_VOL_LOOKUP_BY_PATH: remote(97, struct({ path: string }), storageVolume),
  /** Bytes. */
  STORAGE_VOL_GET_INFO: remote(
    98,
    struct({ volume: storageVolume }),
    struct({ type: int, capacity: uhyper, allocation: uhyper }),
  ),
  STORAGE_VOL_GET_XML_DESC: remote(99, struct({ volume: storageVolume, flags }), string),

  QEMU_CONNECT_DOMAIN_MONITOR_EVENT_REGISTER: qemu(
    4,
    struct({ domain: optional(domain), event: optional(string), flags }),
    int,
  ),
  QEMU_CONNECT_DOMAIN_MONITOR_EVENT_DEREGISTER: qemu(5, struct({ callback: int }), nothing),
};

export type ProcedureName = keyof typeof procedures;
export type ArgumentsOf<K extends ProcedureName> = Written<(typeof procedures)[K]['args']>;
export type ResultOf<K extends ProcedureName> = Read<(typeof procedures)[K]['result']>;

/** The table again, typed so that a generic name, its arguments and its result belong together. */
export const table: { readonly [K in ProcedureName]: Procedure<ArgumentsOf<K>, ResultOf<K>> } = procedures;
