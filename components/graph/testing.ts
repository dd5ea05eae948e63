import type { Chain } from '../../model/fleet/chain.ts';
import type { DiskRef } from '../../model/fleet/disk.ts';
import { type Image, UNKNOWN_TRAITS } from '../../model/fleet/image.ts';
import type { AsideImage, RevertBasis } from '../../model/fleet/revert-basis.ts';
import type { ImageUser } from '../../model/fleet/sharing.ts';
import type { SnapshotRecord } from '../../model/fleet/snapshot-record.ts';
import type { Step } from '../../model/kinds/kinds.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import { NO_COST } from '../../model/plans/plan.ts';

/** Short forms of what the tests of the graph draw. */

export const REF: DiskRef = { hostId: 'alpha', uuid: 'self', target: 'vda' };

export function image(key: string, more: Partial<Image> = {}): Image {
  return {
    key,
    source: { kind: 'file', path: key },
    format: 'qcow2',
    index: null,
    virtualSize: 1000,
    allocated: 10,
    missing: false,
    traits: { ...UNKNOWN_TRAITS, known: true },
    ...more,
  };
}

/** A chain from the active image down. */
export function chainOf(...keys: readonly string[]): Chain {
  return { images: keys.map((key) => image(key)) };
}

/** `l0` the active image, `l1` its backing image, and so on. */
export function deepChain(depth: number): Chain {
  return chainOf(...Array.from({ length: depth }, (_, i) => `l${i}`));
}

export { diskWith } from '../../model/testing.ts';

export function user(guestName: string, target = 'vda'): ImageUser {
  return { hostId: 'alpha', uuid: guestName, guestName, target };
}

export function record(name: string, frozen: string | null, overlay: string | null): SnapshotRecord {
  const disks = [{ target: 'vda', kind: 'external', frozen, overlay }] as const;
  return { name, description: null, createdAt: 0, parent: null, disks };
}

/** An image beside the chain. */
export function aside(key: string, backing: string | null, more: Partial<AsideImage> = {}): AsideImage {
  return { ...image(key), backing, problem: null, ...more };
}

/** What reverts go by, with these images beside the chain. */
export function revertsWith(current: string | null, ...beside: readonly AsideImage[]): RevertBasis {
  return { current, aside: beside, writtenAt: {} };
}

/** Who uses what, this disk included. */
export function usersOf(
  chain: Chain,
  others: Readonly<Record<string, readonly ImageUser[]>>,
): ReadonlyMap<string, readonly ImageUser[]> {
  const self = { ...REF, guestName: 'self' };
  return new Map(chain.images.map(({ key }) => [key, [self, ...(others[key] ?? [])]]));
}

/** A plan of steps that turn a disk's chain into another. The images that merge are given; those that were not there before are created. */
export function planOf(
  now: Chain,
  {
    after,
    merged = [],
    steps,
  }: { after: readonly string[]; merged?: readonly string[]; steps: readonly Step[] },
): Plan {
  const images = after.map((key) => now.images.find((known) => known.key === key) ?? image(key, FRESH));
  return {
    hostId: REF.hostId,
    guest: REF,
    guestName: 'self',
    uris: {},
    intent: { kind: 'forget', names: [] },
    fingerprint: 'now',
    disks: [{ target: REF.target, now, after: { images }, merged }],
    wholeGuest: false,
    steps,
    cost: NO_COST,
    refusals: [],
    warnings: [],
    otherUsers: [],
  };
}

const FRESH = { allocated: null } as const;

/** A pull of all between the active image and `base` into the active one. */
export function pullPlan(now: Chain, base: string | null): Plan {
  const before = now.images.map(({ key }) => key);
  const end = base === null ? before.length : before.indexOf(base);
  const merged = before.slice(1, Math.max(end, 1));
  const after = before.filter((key) => !merged.includes(key));
  const step = { kind: 'pull', hostId: 'alpha', target: 'vda', base, before, after } as const;
  return planOf(now, { after, merged, steps: [step] });
}

/** A commit of everything from `top` down into `base`, with a pivot where `top` is the active image. */
export function commitPlan(now: Chain, top: string, base: string): Plan {
  const before = now.images.map(({ key }) => key);
  const merged = before.slice(before.indexOf(top), before.indexOf(base));
  const after = before.filter((key) => !merged.includes(key));
  const on = { hostId: 'alpha', target: 'vda', base, before, after } as const;
  const step: Step = top === before[0] ? { ...on, kind: 'active-commit' } : { ...on, kind: 'commit', top };
  return planOf(now, { after, merged, steps: [step] });
}

export function snapshotPlan(now: Chain, overlay: string): Plan {
  const before = now.images.map(({ key }) => key);
  const after = [overlay, ...before];
  const disks = [{ target: 'vda', file: overlay, before, after }];
  const step = {
    kind: 'snapshot',
    hostId: 'alpha',
    name: 's1',
    description: '',
    quiesce: false,
    disks,
    others: [],
  } as const;
  return planOf(now, { after, steps: [step] });
}

export function copyPlan(now: Chain, file: string): Plan {
  const before = now.images.map(({ key }) => key);
  const step = {
    kind: 'copy',
    hostId: 'alpha',
    target: 'vda',
    file,
    format: 'qcow2',
    before,
    after: [file],
  } as const;
  return planOf(now, { after: [file], merged: before, steps: [step] });
}
