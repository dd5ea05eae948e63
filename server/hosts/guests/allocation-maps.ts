import type { ClusterMap } from '../../../model/content/cluster-map.ts';
import type { TargetLayout } from '../../../model/content/target-layout.ts';
import type { Basis } from '../../../model/cost/prediction.ts';
import type { GuestRef } from '../../../model/fleet/disk.ts';
import type { Image } from '../../../model/fleet/image.ts';
import type { Problem } from '../../../model/problem.ts';
import { parseUri } from '../../libvirt/index.ts';
import type { AllocationMaps as AllocationMapsPort } from '../../ports/allocation-maps.ts';
import { type HostAllocationMaps, UNREACHABLE } from '../content/allocation-map.ts';
import { LocalAllocationMap } from '../content/local-allocation-map.ts';
import { RemoteAllocationMap } from '../content/remote-allocation-map.ts';
import type { Fleet } from '../fleet/fleet.ts';

/** Reads the allocation maps of all hosts' images: here from their files, elsewhere through ssh where the host's URI is one of ssh. */
export class AllocationMaps implements AllocationMapsPort {
  readonly #fleet: Fleet;
  readonly #local = new LocalAllocationMap();
  /** By URI. */
  readonly #remote = new Map<string, RemoteAllocationMap>();

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  mapsOf({ hostId }: GuestRef, images: readonly Image[]): Promise<ReadonlyMap<string, ClusterMap>> {
    return this.#of(hostId).maps(images);
  }

  layoutsOf({ hostId }: GuestRef, images: readonly Image[]): Promise<ReadonlyMap<string, TargetLayout>> {
    return this.#of(hostId).layouts(images);
  }

  basisOf(hostId: string): Basis {
    return this.#of(hostId).basis;
  }

  readErrorOf(hostId: string, images: readonly Image[]): Problem | null {
    return this.#of(hostId).readError(images);
  }

  #of(hostId: string): HostAllocationMaps {
    const { local, uri } = this.#fleet.supervisor(hostId).host();
    if (local) return this.#local;
    const target = parseUri(uri);
    if (target.transport !== 'ssh') return UNREACHABLE;
    const remote = this.#remote.get(uri) ?? new RemoteAllocationMap(target);
    this.#remote.set(uri, remote);
    return remote;
  }
}
