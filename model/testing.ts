import { capabilitiesOf } from './fleet/capabilities.ts';
import type { Chain } from './fleet/chain.ts';
import { NO_CHECKPOINTS } from './fleet/checkpoint.ts';
import type { Disk } from './fleet/disk.ts';
import type { FreeSpace } from './fleet/free-space.ts';
import type { Guest } from './fleet/guest.ts';
import { type Image, type ImageTraits, imageKey, UNKNOWN_TRAITS } from './fleet/image.ts';
import type { Plan } from './kinds/plan.ts';
import type { Operation } from './operation/operation.ts';
import type { FlattenFacts, FlattenIntent } from './plans/flatten.ts';
import type { SnapshotFacts } from './plans/snapshot-checks.ts';

/** Values for tests. */

export const QCOW2: ImageTraits = { ...UNKNOWN_TRAITS, known: true, version: 3, clusterSize: 65536 };
export const GIB = 2 ** 30;

/** A readable qcow2 file of 1 GiB with 1 MiB in it. */
export function imageAt(path: string, changes: Partial<Image> = {}): Image {
  const source = changes.source ?? ({ kind: 'file', path } as const);
  return {
    key: imageKey(source),
    source,
    format: 'qcow2',
    index: null,
    virtualSize: GIB,
    allocated: 2 ** 20,
    missing: false,
    traits: QCOW2,
    ...changes,
  };
}

/** A chain of these images, from the active one down. */
export function chainOf(...paths: readonly string[]): Chain {
  return { images: paths.map((path, i) => imageAt(path, { index: i + 1 })) };
}

/** A chain of so many images, one of them changed. */
export function deepChain(layers: number, at = 0, changes: Partial<Image> = {}): Chain {
  const { images } = chainOf(...Array.from({ length: layers }, (_, i) => `/vm/${i}`));
  return { images: images.map((image, i) => (i === at ? { ...image, ...changes } : image)) };
}

export function diskWith(chain: Chain | null, changes: Partial<Disk> = {}): Disk {
  return {
    target: 'vda',
    device: 'disk',
    readOnly: false,
    discards: true,
    chain,
    problem: null,
    job: null,
    ...changes,
  };
}

export function guestWith(disk: Disk, changes: Partial<Guest> = {}): Guest {
  return {
    ...REF,
    name: 'web-1',
    state: 'running',
    machine: null,
    confinedBy: [],
    disks: [disk],
    unread: null,
    ioError: null,
    records: [],
    reverts: null,
    checkpoints: NO_CHECKPOINTS,
    ...changes,
  };
}

/** A file system with so many free bytes and no reserve. */
export function freeSpaceOf(free: number, changes: Partial<FreeSpace> = {}): FreeSpace {
  return { fileSystem: '/vm', free, reserve: 0, ...changes };
}

export const REF = { hostId: 'alpha', uuid: '0b8e0b6e-52a1-4ab1-a32c-9d4b3a9c7f10' };
export const DISK_REF = { ...REF, target: 'vda' };

export const FACTS: FlattenFacts & SnapshotFacts = {
  uri: 'qemu:///system',
  guestName: 'web-1',
  guestRuns: true,
  capabilities: {
    ...capabilitiesOf({ libvirtVersion: '9.0.0', qemuVersion: '9.0.0' }),
    confinesBackingFiles: false,
  },
  records: [],
  reverts: null,
  users: new Map(),
  freeSpace: freeSpaceOf(100 * GIB),
  maps: new Map(),
  disks: [],
  destinations: new Map(),
  agent: 'none',
  savedState: false,
  persistent: true,
};

/** A flatten of `vda` toward this base, without any option. */
export function flattenTo(base: string | null, changes: Partial<FlattenIntent> = {}): FlattenIntent {
  return { kind: 'flatten', target: 'vda', base, snapshotFirst: null, forgetAfter: false, ...changes };
}

/** A queued operation. */
export function operationOf(plan: Plan, changes: Partial<Operation> = {}): Operation {
  return {
    id: 'op',
    hostName: 'alpha',
    plan,
    actor: 'admin',
    state: 'queued',
    steps: plan.steps.map(() => ({ state: 'waiting' })),
    bandwidth: 0,
    problem: null,
    grownBy: null,
    createdAt: 1,
    startedAt: null,
    endedAt: null,
    ...changes,
  };
}
