import { NO_CHECKPOINTS } from '../../model/fleet/checkpoint.ts';
import type { Disk } from '../../model/fleet/disk.ts';
import type { Guest } from '../../model/fleet/guest.ts';
import { type Image, UNKNOWN_TRAITS } from '../../model/fleet/image.ts';

/** An image of a made-up chain, for tests. */
export function image(path: string, allocated: number | null = null): Image {
  return {
    key: path,
    source: { kind: 'file', path },
    format: 'qcow2',
    index: null,
    virtualSize: null,
    allocated,
    missing: false,
    traits: UNKNOWN_TRAITS,
  };
}

export function disk(target: string, images: readonly Image[] | null): Disk {
  return {
    target,
    device: 'disk',
    readOnly: false,
    discards: true,
    chain: images && { images },
    problem: null,
    job: null,
  };
}

export function guest(name: string, disks: readonly Disk[], changes: Partial<Guest> = {}): Guest {
  return {
    hostId: 'alpha',
    uuid: `uuid-of-${name}`,
    name,
    state: 'running',
    machine: null,
    confinedBy: [],
    disks,
    unread: null,
    ioError: null,
    reverts: null,
    records: [],
    checkpoints: NO_CHECKPOINTS,
    ...changes,
  };
}
