import { activeOf, positionOf } from '../../../model/fleet/chain.ts';
import { type DependentUser, NO_DEPENDENTS } from '../../../model/fleet/dependents.ts';
import type { Disk, DiskRef } from '../../../model/fleet/disk.ts';
import { diskOf, type Guest, isActive } from '../../../model/fleet/guest.ts';
import type { RelinkFacts } from '../../../model/plans/undo/relink-refusals.ts';
import { broughtBack, type RelinkStep } from '../../../model/plans/undo/relink-step.ts';
import type { Ports } from '../../ports/ports.ts';
import { offlineFacts } from './fixes/offline-facts.ts';

export type RelinkPorts = Pick<Ports, 'allocationMaps' | 'dependents' | 'headers' | 'hosts' | 'snapshots'>;

/** What has to be known before an active image names its old backing image again; with no step to do, as little as there is. */
export async function relinkFacts(
  ports: RelinkPorts,
  guest: Guest,
  disk: Disk,
  step: RelinkStep | null,
): Promise<RelinkFacts> {
  const { allocationMaps, dependents, headers, snapshots } = ports;
  const { hostId, uuid } = guest;
  const ref: DiskRef = { hostId, uuid, target: disk.target };
  const active = activeOf(disk.chain ?? { images: [] });
  const [offline, { savedState }] = await Promise.all([
    offlineFacts(ports, ref, active),
    snapshots.circumstances(ref),
  ]);
  const facts = { ...offline, savedState, old: null, maps: new Map(), others: NO_DEPENDENTS };
  // A running guest writes to the image, so that its map says little.
  if (!offline.local || isActive(guest) || active === null || step === null) return facts;
  const old = await headers.lead(ref, step.backing.name, step.backing.format);
  const back = old.images.slice(0, broughtBack(step).length);
  const [found, maps] = await Promise.all([
    dependents.of(ref, back),
    allocationMaps.mapsOf(ref, [active, ...back]),
  ]);
  const users = found.users.filter((user) => !onlyReads(ports, user, found.users));
  return { ...facts, old, maps, others: { ...found, users } };
}

/** Whether a disk has the image as a backing image, and no job may write into it. */
function onlyReads(
  { hosts }: Pick<Ports, 'hosts'>,
  { hostId, uuid, target, image }: DependentUser,
  all: readonly DependentUser[],
): boolean {
  const guest = hosts.guestsOf(hostId).find((one) => one.uuid === uuid);
  const disk = guest && diskOf(guest, target);
  const isBelow = disk?.job === null && positionOf(disk.chain ?? { images: [] }, image) > 0;
  // A definition that names another active image uses it a second time, and may write to it after the next start.
  const isOnce = all.filter((user) => user.uuid === uuid && user.target === target).length === 1;
  return isBelow && isOnce;
}
