import { filesOf, hostsOf } from '../../model/kinds/claims.ts';
import { leftBehind } from '../../model/operation/left-behind.ts';
import type { Operation } from '../../model/operation/operation.ts';
import type { Fleet } from '../hosts/fleet/fleet.ts';
import type { LeftoverFacts } from '../hosts/references/leftovers.ts';
import type { StoredKept } from '../store/kept-images.ts';
import type { Store } from '../store/store.ts';

/** So many operations are searched for the one that left an image behind. */
const MOST_ENDED = 500;

/** What the store knows of images. */
export interface ImageHistory {
  kept(): Promise<readonly StoredKept[]>;
  unfinished(): Promise<readonly Operation[]>;
  /** The newest operations that are over. */
  ended(): Promise<readonly Operation[]>;
}

export function imageHistory({
  kept,
  journal,
}: Pick<Store, 'kept' | 'journal'>): Pick<ImageHistory, 'kept' | 'ended'> {
  return { kept: () => kept.all(), ended: () => journal.list({ over: true, limit: MOST_ENDED }) };
}

/** What is known of the images of a host beside what the host has. The daemons of this machine share their images. */
export async function leftoverFacts(
  fleet: Fleet,
  history: ImageHistory,
  hostId: string,
): Promise<LeftoverFacts> {
  const together = hostsWith(fleet, hostId);
  const [kept, unfinished, left] = await Promise.all([
    history.kept(),
    history.unfinished(),
    leftOn(fleet, history, hostId),
  ]);
  // A deletion that runs must not count its own files as busy. Two deletions of one file collide anyway.
  const working = unfinished.filter(({ plan }) => plan.intent.kind !== 'delete');
  return {
    kept: kept.filter((image) => together.has(image.hostId)),
    busy: new Set(working.flatMap(({ plan }) => [...filesOf(plan)])),
    left,
  };
}

/** What operations left behind on a host, by the image's key. */
export async function leftOn(
  fleet: Fleet,
  history: Pick<ImageHistory, 'ended'>,
  hostId: string,
): Promise<LeftoverFacts['left']> {
  const together = hostsWith(fleet, hostId);
  const isHere = ({ plan }: Operation) => [...hostsOf(plan)].some((id) => together.has(id));
  return leftBehind((await history.ended()).filter(isHere));
}

/** The hosts that share their images with this one. */
function hostsWith(fleet: Fleet, hostId: string): ReadonlySet<string> {
  const locals = fleet.hosts().flatMap((host) => (host.local ? [host.id] : []));
  return new Set(locals.includes(hostId) ? locals : [hostId]);
}
