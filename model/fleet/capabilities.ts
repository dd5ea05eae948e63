import type { Guest } from './guest.ts';

/** What depends on the versions of a host's libvirt and QEMU. Nothing else decides by a version. */
export interface Capabilities {
  /** Whether libvirt can revert to an external snapshot, so that all that snapshots need must stay. */
  readonly revertsExternalSnapshots: boolean;
  /** How deep a chain can be; `null` if unknown. */
  readonly mostLayers: MostLayers | null;
  /** Whether an upgrade of libvirt may bring one that takes fewer layers. */
  readonly upgradeTakesFewerLayers: boolean;
  /** Whether what a pull copied is on the disk once it has completed, so that no flush is needed. */
  readonly pullIsDurable: boolean;
  /** Whether a resize can be told never to shrink a disk, see `FlushKind`. */
  readonly resizeOnlyExtends: boolean;
  /** Whether block statistics that somebody reads may kill a guest during a pull, see ADR 20. */
  readonly statsKillPulls: boolean;
  /**
   * Whether a pull into an image with extended L2 entries may kill the guest. With QEMU 7.2.22, 2 KiB written at the start of
   * a 64 KiB cluster are enough: `bdrv_co_do_copy_on_readv: Assertion 'skip_bytes < pnum' failed`. With writes elsewhere, or
   * none, the same pull succeeds. Requests are aligned to subclusters since 8.2.
   */
  readonly extendedL2Aborts: boolean;
  /**
   * Whether a commit of images below the active one writes zeros as zeros, else as data; `null` if unknown. QEMU 10.1 does
   * it, and 10.0 since 10.0.7. Vendors take changes over into the releases before.
   */
  readonly commitKeepsZeros: boolean | null;
  /**
   * Whether zeros that a mirror writes over data leave it its room, unless the disk has `discard='unmap'`; else later writes
   * may take it. `null` if unknown.
   */
  readonly zerosKeepRoom: boolean | null;
  /** Whether a mirror into an empty image leaves holes out; else it describes them as zeros. `null` if unknown. */
  readonly mirrorSkipsHoles: boolean | null;
  /**
   * Whether QEMU may not write into backing images where AppArmor confines the guest, so that commits fail. Before 12.1 the rules
   * that libvirt writes deny it outright, and what it allows for a commit has no effect then. Some vendors changed that long
   * before, which no version shows.
   */
  readonly confinesBackingFiles: boolean;
}

/**
 * How deep a chain can be. A guest beyond it does not start. libvirt reads QEMU's answers with json-c since 10.8, which nests
 * 32 deep at most; QEMU nests each layer in the one above it. The limit was lifted in 12.0.
 */
export interface MostLayers {
  readonly any: number;
  /** The deepest layer that may be a qcow2 image with bitmaps, which nest deeper. */
  readonly withBitmaps: number;
  /**
   * Whether a guest gets beyond it while it runs. A restart of libvirtd then kills it, and a call that has QEMU describe its
   * chain, such as DOMAIN_GET_DISK_ERRORS, breaks its monitor for good.
   */
  readonly breaksRunning: boolean;
}

export interface Versions {
  /** `null` if unknown, like any version that is not made of numbers. */
  readonly libvirtVersion: string | null;
  readonly qemuVersion: string | null;
}

/** libvirt's own limit. */
const USUAL: MostLayers = { any: 200, withBitmaps: 200, breaksRunning: false };
/** Tried with libvirt 11.3 and QEMU 10.0. */
export const NESTED: MostLayers = { any: 25, withBitmaps: 22, breaksRunning: true };

/** What a host of these versions can do. Of an unknown version the worst is assumed. */
export function capabilitiesOf({ libvirtVersion, qemuVersion }: Versions): Capabilities {
  const [libvirt, qemu] = [numberOf(libvirtVersion), numberOf(qemuVersion)];
  return {
    revertsExternalSnapshots: libvirt === null || isFrom(libvirt, 9, 9),
    mostLayers: libvirt === null ? null : isFrom(libvirt, 10, 8) && !isFrom(libvirt, 12, 0) ? NESTED : USUAL,
    upgradeTakesFewerLayers: libvirt !== null && !isFrom(libvirt, 10, 8),
    pullIsDurable: isFrom(qemu, 10, 0),
    resizeOnlyExtends: isFrom(libvirt, 12, 3),
    statsKillPulls: !isFrom(qemu, 10, 0),
    extendedL2Aborts: !isFrom(qemu, 8, 2),
    commitKeepsZeros:
      qemu === null || (isFrom(qemu, 9, 1) && !isFrom(qemu, 10, 0, 7)) ? null : isFrom(qemu, 10, 0, 7),
    zerosKeepRoom: qemu === null ? null : isFrom(qemu, 9, 1),
    mirrorSkipsHoles: qemu === null ? null : isFrom(qemu, 10, 1),
    confinesBackingFiles: !isFrom(libvirt, 12, 1),
  };
}

/**
 * What a host can do for one guest. The version of a host's QEMU is that of the program that starts guests; a guest that has run
 * since before an upgrade has an older one, and may have been defined with a program of its own. It has at least the version
 * of its machine type. Where the guest or its data would be lost, nothing newer is believed.
 */
export function capabilitiesFor(
  host: Capabilities,
  { machine, confinedBy }: Pick<Guest, 'machine' | 'confinedBy'>,
): Capabilities {
  const [, qemuVersion = null] = /-(\d+\.\d+)$/.exec(machine ?? '') ?? [];
  const sure = capabilitiesOf({ libvirtVersion: null, qemuVersion });
  return {
    ...host,
    pullIsDurable: host.pullIsDurable && sure.pullIsDurable,
    statsKillPulls: host.statsKillPulls || sure.statsKillPulls,
    confinesBackingFiles: host.confinesBackingFiles && (confinedBy?.includes('apparmor') ?? true),
  };
}

/** Of a host that is not known. */
export const UNKNOWN_CAPABILITIES = capabilitiesOf({ libvirtVersion: null, qemuVersion: null });

/** A version as one number that grows with it. */
function numberOf(version: string | null): number | null {
  const [, major, minor, micro = '0'] = /^(\d+)\.(\d+)(?:\.(\d+))?(?:\.|$)/.exec(version ?? '') ?? [];
  return major === undefined || minor === undefined
    ? null
    : weighted(Number(major), Number(minor), Number(micro));
}

const STEP = 1000;

function weighted(major: number, minor: number, micro: number): number {
  return (major * STEP + minor) * STEP + micro;
}

function isFrom(version: number | null, major: number, minor: number, micro = 0): boolean {
  return version !== null && version >= weighted(major, minor, micro);
}
