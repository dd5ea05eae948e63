import type { ClusterMap } from '../../../model/content/cluster-map.ts';
import type { TargetLayout } from '../../../model/content/target-layout.ts';
import { flattened } from '../../../model/fleet/chain.ts';
import type { Disk, DiskRef, GuestRef } from '../../../model/fleet/disk.ts';
import type { FreeSpace } from '../../../model/fleet/free-space.ts';
import { diskOf, type Guest } from '../../../model/fleet/guest.ts';
import type { Image } from '../../../model/fleet/image.ts';
import { ProblemError, problem } from '../../../model/problem.ts';
import { chainOf, diskWith, FACTS, guestWith } from '../../../model/testing.ts';
import type { AllocationMaps } from '../../ports/allocation-maps.ts';
import type { DiskFlush } from '../../ports/disk-flush.ts';
import type { DiskJobs } from '../../ports/disk-jobs.ts';
import type { FreshGuests } from '../../ports/fresh-guests.ts';
import type { ImageSpace } from '../../ports/image-space.ts';
import type { JobEnding } from '../../ports/job-end.ts';
import type { Ports } from '../../ports/ports.ts';

/** The loss of a host, as the hosts' own code would report it. */
export class LostError extends Error {}

/** A host with guests on chains of three images, whose block jobs end when a test says so. It reports nothing by itself. */
export class FakeHost implements FreshGuests, DiskJobs, DiskFlush, ImageSpace, AllocationMaps {
  readonly calls: string[] = [];
  lost = false;
  capabilities = FACTS.capabilities;
  /** Called in the middle of starting a pull, before the job is there. */
  starting: () => void | Promise<void> = () => {};
  readonly #guests = new Map<string, Guest>();

  /** A disk, and its guest where it is not there yet. */
  add(ref: DiskRef): void {
    const disk = { ...diskWith(chainOf('/active', '/sn1', '/base')), target: ref.target };
    const guest = this.#guests.get(ref.uuid);
    this.#guests.set(ref.uuid, guest ? { ...guest, disks: [...guest.disks, disk] } : guestWith(disk, ref));
  }

  change(ref: DiskRef, change: Partial<Guest>): Guest {
    const changed = { ...this.#guest(ref), ...change };
    this.#guests.set(ref.uuid, changed);
    return changed;
  }

  /** The job ends, with or without success. */
  end(ref: DiskRef, ending: JobEnding): void {
    const { disk } = this.#disk(ref);
    const chain = ending === 'completed' && disk.chain ? flattened(disk.chain, '/base') : disk.chain;
    this.#changeDisk(ref, { ...disk, chain, job: null });
  }

  running(): string[] {
    return [...this.#guests.values()]
      .filter(({ disks }) => disks.some(({ job }) => job))
      .map(({ uuid }) => uuid);
  }

  async guest(ref: GuestRef): Promise<Guest> {
    await Promise.resolve();
    return this.#guest(ref);
  }

  async disk(ref: DiskRef) {
    await Promise.resolve();
    return this.#disk(ref);
  }

  async startPull(ref: DiskRef, base: Image | null, bandwidth: number): Promise<void> {
    await this.starting();
    this.begin(ref, base, bandwidth);
  }

  /** QEMU has the job. */
  begin(ref: DiskRef, base: Image | null, bandwidth: number): void {
    const { disk } = this.#disk(ref);
    if (disk.job !== null) throw new Error('disk has an active block job');
    this.calls.push(`pull ${ref.uuid} ${base?.key} ${bandwidth}`);
    this.#changeDisk(ref, { ...disk, job: { kind: 'pull', bandwidth, cur: 0, end: 9, ready: false } });
  }

  async abortJob(ref: DiskRef): Promise<void> {
    this.#disk(ref);
    this.calls.push(`abort ${ref.uuid}`);
  }

  async setSpeed(ref: DiskRef, bandwidth: number): Promise<void> {
    const { disk } = this.#disk(ref);
    if (disk.job === null) throw new Error('no current block job');
    this.calls.push(`speed ${ref.uuid} ${bandwidth}`);
  }

  /** What the system throws when data is written to the disk. */
  broken: Error | null = null;

  async writeback(): Promise<void> {
    if (this.broken !== null) throw this.broken;
  }

  async flush(ref: DiskRef, _active: Image, kind: 'resize' | 'extend'): Promise<boolean> {
    this.calls.push(`flush ${ref.uuid} ${kind}`);
    return true;
  }

  async sample(ref: DiskRef) {
    return { job: this.#disk(ref).disk.job, allocated: 1 };
  }

  async allocatedBy(): Promise<number | null> {
    return 1;
  }

  async freeSpaceAt(): Promise<FreeSpace | null> {
    return FACTS.freeSpace;
  }

  /** What is free now. */
  freeSpace: FreeSpace | null = FACTS.freeSpace;

  async freeSpaceNow(): Promise<FreeSpace | null> {
    return this.freeSpace;
  }

  basisOf(): 'tables' {
    return 'tables';
  }

  readErrorOf(): null {
    return null;
  }

  async mapsOf(): Promise<ReadonlyMap<string, ClusterMap>> {
    return new Map();
  }

  async layoutsOf(): Promise<ReadonlyMap<string, TargetLayout>> {
    return new Map();
  }

  #changeDisk(ref: DiskRef, changed: Disk): void {
    const { disks } = this.#guest(ref);
    this.change(ref, { disks: disks.map((disk) => (disk.target === ref.target ? changed : disk)) });
  }

  #guest({ uuid }: GuestRef): Guest {
    if (this.lost) throw new LostError('the connection is gone');
    const guest = this.#guests.get(uuid);
    if (guest === undefined) throw new ProblemError('not-found', problem('GUEST_UNKNOWN', { uuid }));
    return guest;
  }

  #disk(ref: DiskRef) {
    const guest = this.#guest(ref);
    const disk = diskOf(guest, ref.target);
    if (disk === null)
      throw new ProblemError('not-found', problem('DISK_UNKNOWN', { ...ref, guest: guest.name }));
    return { guest, disk };
  }
}

export type HostPorts = Pick<
  Ports,
  'freshGuests' | 'diskJobs' | 'diskFlush' | 'imageSpace' | 'allocationMaps'
>;

/** The ports that the host fills. */
export function portsOf(host: FakeHost): HostPorts {
  return { freshGuests: host, diskJobs: host, diskFlush: host, imageSpace: host, allocationMaps: host };
}
