import type { ClusterMap } from '../../../model/content/cluster-map.ts';
import type { TargetLayout } from '../../../model/content/target-layout.ts';
import type { Basis } from '../../../model/cost/prediction.ts';
import type { Disk, DiskRef, GuestRef } from '../../../model/fleet/disk.ts';
import { DEFAULT_RESERVE, type FreeSpace } from '../../../model/fleet/free-space.ts';
import { diskOf, type Guest } from '../../../model/fleet/guest.ts';
import { type Image, imagePath } from '../../../model/fleet/image.ts';
import { baseArgument } from '../../../model/plans/command.ts';
import { type Problem, ProblemError, problem } from '../../../model/problem.ts';
import {
  BlockJobAbortFlag,
  BlockJobSetSpeedFlag,
  BlockPullFlag,
  BlockRebaseFlag,
  isInvalidArgument,
  isOperationInvalid,
  parseUri,
} from '../../libvirt/index.ts';
import type { Disks } from '../../ports/guest-disks.ts';
import { type AllocationMaps, DARK } from '../content/allocation-map.ts';
import { LocalAllocationMap } from '../content/local-allocation-map.ts';
import { RemoteAllocationMap } from '../content/remote-allocation-map.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { blockJobOf } from '../fleet/guest-loader.ts';
import { lookAt } from '../images/local-image.ts';
import { volumeAt } from '../images/volume-chain.ts';
import { ImageFreeSpace } from '../pools/image-free-space.ts';
import { Turns } from '../shell/turns.ts';
import { flushDisk, syncFile } from './disk-flush.ts';

/** What can be asked of, and done to, the disks of the fleet's guests. Every look is a fresh one. */
export class GuestDisks implements Disks {
  readonly #fleet: Fleet;
  readonly #local = new LocalAllocationMap();
  readonly #remote = new Map<string, RemoteAllocationMap>();
  readonly #freeSpaces: ImageFreeSpace;
  /** Each holds one of this process's few threads for as long as the disk takes. */
  readonly #writeOuts = new Turns(1);

  /** @param reserve of every file system, to be left alone */
  constructor(fleet: Fleet, reserve = DEFAULT_RESERVE) {
    this.#fleet = fleet;
    this.#freeSpaces = new ImageFreeSpace(fleet, reserve);
  }

  /** The guest as libvirt has it now. Throws `GUEST_UNKNOWN`, `HOST_UNKNOWN` or `NOT_CONNECTED`. */
  async look(ref: GuestRef): Promise<Guest> {
    const supervisor = this.#fleet.supervisor(ref.hostId);
    await supervisor.inventory().load(supervisor.source(), this.#fleet.domain(ref).domain);
    const guest = this.#fleet.guest(ref);
    if (guest === null) throw new ProblemError('not-found', problem('GUEST_UNKNOWN', { uuid: ref.uuid }));
    return guest;
  }

  async lookAtDisk(ref: DiskRef): Promise<{ guest: Guest; disk: Disk }> {
    const guest = await this.look(ref);
    const disk = diskOf(guest, ref.target);
    if (disk === null) {
      throw new ProblemError('not-found', problem('DISK_UNKNOWN', { target: ref.target, guest: guest.name }));
    }
    return { guest, disk };
  }

  /** Starts a pull into the active image. Throws libvirt's error. @param bandwidth bytes per second, 0 for no limit */
  async startPull(ref: DiskRef, base: Image | null, bandwidth: number): Promise<void> {
    const { connection, domain } = this.#fleet.domain(ref);
    const common = { domain, path: ref.target, bandwidth: BigInt(bandwidth) };
    if (base === null) {
      await connection.call('DOMAIN_BLOCK_PULL', { ...common, flags: BlockPullFlag.BANDWIDTH_BYTES });
    } else {
      const argument = baseArgument(ref.target, base);
      // To libvirt no base means all of the chain.
      if (argument === null) throw new Error(`libvirt has no name for ${base.key}`);
      const flags = BlockRebaseFlag.BANDWIDTH_BYTES;
      await connection.call('DOMAIN_BLOCK_REBASE', { ...common, base: argument, flags });
    }
  }

  /** Asks QEMU to end the job; the job's end comes as an event. A job that is already gone is no error. */
  async abortJob(ref: DiskRef): Promise<void> {
    const { connection, domain } = this.#fleet.domain(ref);
    const flags = BlockJobAbortFlag.ASYNC;
    await connection
      .call('DOMAIN_BLOCK_JOB_ABORT', { domain, path: ref.target, flags })
      .catch(ignore(isOperationInvalid, isInvalidArgument));
  }

  /** Brings to the disk what was written into the active image so far, where it lies on this machine. Throws what the file system says. */
  async writeback({ hostId }: DiskRef, active: Image): Promise<void> {
    const { local } = this.#fleet.supervisor(hostId).host();
    const path = imagePath(active);
    if (local && path !== null) await this.#writeOuts.take(() => syncFile(path));
  }

  /** Makes what is in the active image outlive QEMU; answers whether that could be asked for, see `flushDisk`. */
  flush(ref: DiskRef, active: Image): Promise<boolean> {
    return flushDisk(this.#fleet, ref, active);
  }

  /** @param bandwidth bytes per second, 0 for no limit */
  async setSpeed(ref: DiskRef, bandwidth: number): Promise<void> {
    const { connection, domain } = this.#fleet.domain(ref);
    await connection.call('DOMAIN_BLOCK_JOB_SET_SPEED', {
      domain,
      path: ref.target,
      bandwidth: BigInt(bandwidth),
      flags: BlockJobSetSpeedFlag.BANDWIDTH_BYTES,
    });
  }

  /** The running job's position, and what the active image takes on its file system by now. */
  async sample(ref: DiskRef, active: Image): Promise<{ job: Disk['job']; allocated: number | null }> {
    const { connection, domain } = this.#fleet.domain(ref);
    const [job, allocated] = await Promise.all([
      blockJobOf(connection, domain, ref.target),
      this.allocatedBy(ref, active),
    ]);
    return { job, allocated };
  }

  /** Bytes that the active image takes now; `null` where neither the file nor a storage pool tells. */
  async allocatedBy(ref: DiskRef, active: Image): Promise<number | null> {
    const { local } = this.#fleet.supervisor(ref.hostId).host();
    const path = imagePath(active);
    const looked = local && path !== null ? (await lookAt(path, active.format)).allocated : null;
    if (looked !== null) return looked;
    const { connection } = this.#fleet.supervisor(ref.hostId).source();
    return path === null ? null : ((await volumeAt(connection, path))?.allocated ?? null);
  }

  /** The room where an image lies, as whoever measures it last knew it; `null` where nobody does. */
  freeSpaceAt(ref: GuestRef, image: Image): Promise<FreeSpace | null> {
    return this.#freeSpaces.at(ref.hostId, image);
  }

  /** The same as it is now, or was a few seconds ago. */
  freeSpaceNow(ref: GuestRef, image: Image): Promise<FreeSpace | null> {
    return this.#freeSpaces.now(ref.hostId, image);
  }

  /** What images hold, by image key; those that can't be looked into are left out. */
  mapsOf({ hostId }: GuestRef, images: readonly Image[]): Promise<ReadonlyMap<string, ClusterMap>> {
    return this.#allocationMapsOf(hostId).maps(images);
  }

  /** How qcow2 images are laid out, by image key; those that can't be looked into are left out. */
  layoutsOf({ hostId }: GuestRef, images: readonly Image[]): Promise<ReadonlyMap<string, TargetLayout>> {
    return this.#allocationMapsOf(hostId).layouts(images);
  }

  /** What predictions for a host's images stand on at best. */
  basisOf(hostId: string): Basis {
    return this.#allocationMapsOf(hostId).basis;
  }

  /** Why one of these images could not be looked into; `null` where nothing went wrong. */
  readErrorOf(hostId: string, images: readonly Image[]): Problem | null {
    return this.#allocationMapsOf(hostId).readError(images);
  }

  #allocationMapsOf(hostId: string): AllocationMaps {
    const { local, uri } = this.#fleet.supervisor(hostId).host();
    if (local) return this.#local;
    const target = parseUri(uri);
    if (target.transport !== 'ssh') return DARK;
    const allocationMap = this.#remote.get(uri) ?? new RemoteAllocationMap(target);
    this.#remote.set(uri, allocationMap);
    return allocationMap;
  }
}

function ignore(...expected: readonly ((error: unknown) => boolean)[]): (error: unknown) => undefined {
  return (error) => {
    if (!expected.some((is) => is(error))) throw error;
  };
}
