import { domain, snapshot, storagePool, storageVolume, uuid } from './shapes.ts';
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
 */
export const procedures = {
  CONNECT_OPEN: remote(1, struct({ name: optional(string), flags }), nothing),
  CONNECT_CLOSE: remote(2, nothing, nothing),
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
  CONNECT_GET_ALL_DOMAIN_STATS: remote(
    344,
    struct({ domains: list(domain), stats: uint, flags }),
    list(struct({ domain, parameters: typedParameters })),
  ),
  CONNECT_LIST_ALL_STORAGE_POOLS: remote(281, struct({ needResults: bool, flags }), listed(storagePool)),
  CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY: remote(
    316,
    struct({ event: int, domain: optional(domain) }),
    int,
  ),
  CONNECT_DOMAIN_EVENT_CALLBACK_DEREGISTER_ANY: remote(317, struct({ callback: int }), nothing),
  CONNECT_STORAGE_POOL_EVENT_REGISTER_ANY: remote(
    368,
    struct({ event: int, pool: optional(storagePool) }),
    int,
  ),
  CONNECT_STORAGE_POOL_EVENT_DEREGISTER_ANY: remote(369, struct({ callback: int }), nothing),

  DOMAIN_LOOKUP_BY_NAME: remote(23, struct({ name: string }), domain),
  DOMAIN_LOOKUP_BY_UUID: remote(24, struct({ uuid }), domain),
  DOMAIN_IS_PERSISTENT: remote(151, ofDomain, bool),
  DOMAIN_GET_XML_DESC: remote(14, withFlags, string),
  /** Memory in KiB, CPU time in nanoseconds. */
  DOMAIN_GET_INFO: remote(
    16,
    ofDomain,
    struct({ state: int, maxMemory: uhyper, memory: uhyper, vcpus: uint, cpuTime: uhyper }),
  ),
  DOMAIN_GET_STATE: remote(212, withFlags, struct({ state: int, reason: int })),
  DOMAIN_GET_DISK_ERRORS: remote(
    263,
    struct({ domain, maxErrors: uint, flags }),
    struct({ errors: list(struct({ disk: string, error: int })), count: int }),
  ),
  /** Bytes: `capacity` is the virtual size, `allocation` the highest written offset, `physical` the file's size. */
  DOMAIN_GET_BLOCK_INFO: remote(
    194,
    struct({ domain, path: string, flags }),
    struct({ allocation: uhyper, capacity: uhyper, physical: uhyper }),
  ),
  DOMAIN_CREATE_XML: remote(10, struct({ xml: string, flags }), domain),
  DOMAIN_DEFINE_XML_FLAGS: remote(350, struct({ xml: string, flags }), domain),
  DOMAIN_CREATE_WITH_FLAGS: remote(196, withFlags, domain),
  DOMAIN_UNDEFINE_FLAGS: remote(231, withFlags, nothing),
  DOMAIN_DESTROY_FLAGS: remote(234, withFlags, nothing),
  DOMAIN_SUSPEND: remote(34, ofDomain, nothing),
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
  /** `device` as in the event: a target, or `vda[3]` for an image further down; `threshold` in bytes. */
  DOMAIN_SET_BLOCK_THRESHOLD: remote(
    386,
    struct({ domain, device: string, threshold: uhyper, flags }),
    nothing,
  ),

  /** By the guest's agent; without mount points all file systems. The result is how many there were. */
  DOMAIN_FSTHAW: remote(336, struct({ domain, mountPoints: list(string), flags }), int),
  /** By the guest's agent: seconds and nanoseconds since 1970. */
  DOMAIN_GET_TIME: remote(337, withFlags, struct({ seconds: uhyper, nanoseconds: uint })),

  DOMAIN_LIST_ALL_SNAPSHOTS: remote(274, struct({ domain, needResults: bool, flags }), listed(snapshot)),
  DOMAIN_SNAPSHOT_CREATE_XML: remote(185, struct({ domain, xml: string, flags }), snapshot),
  DOMAIN_SNAPSHOT_GET_XML_DESC: remote(186, struct({ snapshot, flags }), string),
  DOMAIN_SNAPSHOT_DELETE: remote(193, struct({ snapshot, flags }), nothing),
  DOMAIN_LIST_ALL_CHECKPOINTS: remote(
    413,
    struct({ domain, needResults: bool, flags }),
    listed(struct({ name: string, domain })),
  ),

  DOMAIN_ABORT_JOB: remote(164, ofDomain, nothing),
  DOMAIN_GET_JOB_STATS: remote(298, withFlags, struct({ type: int, parameters: typedParameters })),
  DOMAIN_MIGRATE_PERFORM3_PARAMS: remote(
    305,
    struct({ domain, destinationUri: optional(string), parameters: typedParameters, cookie: opaque, flags }),
    opaque,
  ),
  DOMAIN_MIGRATE_SET_MAX_SPEED: remote(207, struct({ domain, bandwidth: uhyper, flags }), nothing),
  DOMAIN_MIGRATE_START_POST_COPY: remote(364, withFlags, nothing),

  STORAGE_POOL_CREATE_XML: remote(76, struct({ xml: string, flags }), storagePool),
  STORAGE_POOL_DEFINE_XML: remote(77, struct({ xml: string, flags }), storagePool),
  STORAGE_POOL_CREATE: remote(78, struct({ pool: storagePool, flags }), nothing),
  STORAGE_POOL_BUILD: remote(79, struct({ pool: storagePool, flags }), nothing),
  STORAGE_POOL_DESTROY: remote(80, struct({ pool: storagePool }), nothing),
  STORAGE_POOL_UNDEFINE: remote(82, struct({ pool: storagePool }), nothing),
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

  /** QMP as JSON, or HMP with the flag HMP. A command that changes QEMU's state marks the guest as tainted. */
  QEMU_DOMAIN_MONITOR_COMMAND: qemu(1, struct({ domain, command: string, flags }), string),
  /** `timeout` in seconds, or a negative value of virDomainAgentResponseTimeoutValues. */
  QEMU_DOMAIN_AGENT_COMMAND: qemu(
    3,
    struct({ domain, command: string, timeout: int, flags }),
    optional(string),
  ),
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
