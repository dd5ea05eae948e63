import {
  dependentsOf,
  type KeptImage,
  type LeftoverReport,
  overlaysFirst,
  usedAmong,
} from '../../../model/fleet/leftover.ts';
import type { LeftImage } from '../../../model/operation/left-behind.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { imageFilesOf } from './image-files.ts';
import { namedFiles } from './named-files.ts';
import { openFiles } from './open-files.ts';
import { referrersOf } from './referrers.ts';
import { type Register, readRegister } from './register.ts';
import { usedIdentities } from './used-identities.ts';

/** What the journal knows of a host's images. */
export interface LeftoverFacts {
  readonly kept: readonly KeptImage[];
  /** Keys of the images of operations that are not over. */
  readonly busy: ReadonlySet<string>;
  /** By path. */
  readonly left: ReadonlyMap<string, LeftImage>;
}

/** Finds a host's image files that no known guest, snapshot record or other image refers to. Throws `HOST_UNKNOWN`, or the error of a lost connection. */
export async function findLeftovers(
  fleet: Fleet,
  hostId: string,
  facts: LeftoverFacts,
): Promise<LeftoverReport> {
  const register = await readRegister(fleet, hostId, 'all');
  const machines = { here: register, others: await otherMachines(fleet, register) };
  const all = [register, ...machines.others];
  const connected = all.flatMap(({ hosts }) => hosts).filter((host) => host.host().state === 'connected');
  const named = await Promise.all(
    connected.map(async (host) => ({ hostId: host.host().id, ...(await namedFiles(host)) })),
  );
  const blocked = distinct([
    ...all.flatMap(({ unread }) => unread),
    ...named.flatMap(({ unread }) => unread),
  ]);

  const images = await imageFilesOf(register, hostId, facts.left);
  const roots = await usedIdentities(machines, named, images);
  const used = usedAmong(register.files, roots);
  const unused = images.filter(({ identity }) => !used.has(identity));
  const open = register.local ? await openFiles() : { has: () => false };
  const keepers = new Map<string, KeptImage>();
  for (const one of facts.kept) keepers.set(await register.identityAt(one.path), one);
  const busy = new Set<string>();
  for (const key of facts.busy) if (key.startsWith('/')) busy.add(await register.identityAt(key));
  const kept = unused.flatMap((image) => {
    const keeper = keepers.get(image.identity);
    return keeper === undefined ? [] : [{ ...image, actor: keeper.actor, at: keeper.at }];
  });
  const inUse = unused.flatMap(({ path, identity }) => {
    if (open.has(identity)) return [{ path, identity, why: problem('LEFTOVER_OPEN', { image: path }) }];
    return busy.has(identity) ? [{ path, identity, why: problem('LEFTOVER_BUSY', { image: path }) }] : [];
  });
  const staying = usedAmong(
    register.files,
    [...kept, ...inUse].map(({ identity }) => identity),
  );
  const free = unused.filter(({ identity }) => !staying.has(identity));
  return {
    hostId,
    blocked,
    leftovers:
      blocked.length > 0
        ? []
        : overlaysFirst(
            free.map((image) => ({
              ...image,
              under: dependentsOf(image, free),
              left: leftOf(facts, image.path),
            })),
          ),
    kept,
    inUse: inUse.map(({ path, why }) => ({ path, why })),
    used: images
      .filter(({ identity }) => used.has(identity))
      .map(({ path, identity }) => ({ path, by: referrersOf(identity, register) })),
    checked: {
      hosts: connected.length,
      guests: connected.reduce((sum, host) => sum + host.inventory().guests().length, 0),
      records: all.reduce((sum, { records }) => sum + new Set(records.map(recordKey)).size, 0),
      pools: all.reduce((sum, { pools }) => sum + pools.length, 0),
      folders: register.folders.size,
      files: register.files.length,
    },
    onlyPools: !register.local,
  };
}

function recordKey({ user, record }: Register['records'][number]): string {
  return `${user.hostId} ${user.uuid} ${record}`;
}

/** A register for each other machine of the fleet. */
async function otherMachines(fleet: Fleet, register: Register): Promise<readonly Register[]> {
  const here = new Set(register.hosts.map((host) => host.host().id));
  const others = fleet.hosts().filter(({ id }) => !here.has(id));
  const [local] = others.filter((host) => host.local);
  const machines = [...(local === undefined ? [] : [local]), ...others.filter((host) => !host.local)];
  return Promise.all(machines.map(({ id }) => readRegister(fleet, id, 'all')));
}

function leftOf({ left }: LeftoverFacts, path: string) {
  const found = left.get(path);
  if (found === undefined) return null;
  const { format: _, ...rest } = found;
  return rest;
}

function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((one) => [JSON.stringify(one), one])).values()];
}
