import { type ClusterMap, emptyMap, markRange } from '../../content/cluster-map.ts';
import { type Layer, overlapOf } from '../../content/layer-overlap.ts';
import { mostCommitted } from '../../cost/commit-cost.ts';
import { predictCommit } from '../../cost/commit-prediction.ts';
import { mostPulled } from '../../cost/cost.ts';
import { freedLater } from '../../cost/freed-later.ts';
import { predictActiveCommit } from '../../cost/mirror-prediction.ts';
import {
  lessSure,
  type Prediction,
  type PredictionFacts,
  predictionFacts,
  together,
} from '../../cost/prediction.ts';
import { predictPull } from '../../cost/pull-prediction.ts';
import { activeOf, type Chain, fingerprint, keys, positionOf } from '../../fleet/chain.ts';
import type { Disk, GuestRef } from '../../fleet/disk.ts';
import { type FreeSpace, spare } from '../../fleet/free-space.ts';
import { type Image, imageName } from '../../fleet/image.ts';
import { neededImages } from '../../fleet/record-state.ts';
import { otherUsers } from '../../fleet/sharing.ts';
import { type Problem, problem } from '../../problem.ts';
import type { ActiveCommitStep, CommitStep } from '../commit.ts';
import { pullDecrypts } from '../flatten.ts';
import { type ForgetStep, forgettable } from '../forget.ts';
import { imageWarnings, spaceRefusals, spaceWarnings } from '../image-warnings.ts';
import { jobRefusals } from '../job-refusals.ts';
import type { ActionKind } from '../kind.ts';
import { type MergeFacts, runRefusals } from '../merge-down.ts';
import type { Cost, ImageCost, PlanOf } from '../plan.ts';
import { flushKindOf, type PullStep } from '../pull.ts';
import { recordedOf, recordWarnings, withChain } from '../record-changes.ts';
import { leftoversOn, sharedRefusals, silentRefusals, unsureWarnings } from '../shared-refusals.ts';
import { protectionRefusals } from '../write-protection.ts';
import { writtenBelow } from '../written-images.ts';
import { type Merge, type Protection, type Shortening, type Strategies, strategiesTo } from './cheapest.ts';
import type { Goal } from './goal.ts';
import { type ChainState, chainAfter, type Joined, joinedBy, stateAfter } from './merge-state.ts';

/** Shorten a chain by other means than one pull into the active image, which is a flatten. */
export interface ShortenIntent {
  readonly kind: 'shorten';
  readonly target: string;
  readonly goal: Goal;
  readonly strategy: 'merge-down' | 'cheapest';
  /** Keys of images that stay as they are. */
  readonly pinned: readonly string[];
  readonly forgetAfter: boolean;
}

export const shortenIntentKind: ActionKind<ShortenIntent> = {
  needs: ['two-images', 'running'],
  text: ({ disks }) => ({ count: disks[0]?.after.images.length ?? 0 }),
};

/** The steps that a shortening may have. */
export type ShortenStep = PullStep | CommitStep | ActiveCommitStep | ForgetStep;

/** The facts for the plan, besides the disk's chain; `dependents` of all of its images. */
export interface ShortenFacts extends Omit<MergeFacts, 'freeSpace'> {
  /** The free space of the file system of each image, by image key, as far as known. */
  readonly freeSpaces: ReadonlyMap<string, FreeSpace>;
}

/** One block job of the strategy: what it is made from, what it writes, and the chain before and after it. */
interface Leg extends Joined {
  readonly merge: Merge;
  readonly before: Chain;
  readonly after: Chain;
  readonly cost: ImageCost;
}

/**
 * Plans that shorten the chain of a disk by several block jobs, commits among them. Images that others depend on are not
 * written and do not leave the chain. For several intents on one disk, the overlap of the images and the cost of a block
 * job are computed once.
 */
export function shortener(
  guest: GuestRef,
  disk: Disk,
  facts: ShortenFacts,
): (intent: ShortenIntent) => PlanOf<ShortenIntent, ShortenStep> {
  const now = disk.chain ?? { images: [] };
  const overlap = overlapOf(layersOf(now, facts), keepsZeros(facts));
  const known = new Map<string, readonly Leg[]>();
  return (intent) => {
    const protection = protectionOf(now, intent.pinned, facts);
    const strategiesWith = (free: Protection) => strategiesTo(intent.goal, now, overlap, free);
    const legsFor = ({ merges }: Pick<Shortening, 'merges'>) => {
      const name = JSON.stringify(merges);
      const legs = known.get(name) ?? legsOf(disk, now, merges, facts);
      known.set(name, legs);
      return legs;
    };
    const strategies = strategiesWith(protection);
    const isCheapest = intent.strategy === 'cheapest';
    const strategy = isCheapest ? cheapestOf(strategies, legsFor, facts) : strategies.mergeDown;
    const open = (free: Protection) => cheapestOf(strategiesWith(free), legsFor, facts);
    const dearer =
      isCheapest && strategy !== null
        ? [
            ...leftoversThatDepend(now, strategy, open, intent.pinned, facts),
            ...avoidedCommits(strategies, strategy, facts),
          ]
        : [];
    const legs = legsFor(strategy ?? { merges: [] });
    const plan = planOf(guest, disk, intent, facts, strategy, legs);
    return dearer.length === 0 ? plan : { ...plan, warnings: [...plan.warnings, ...dearer] };
  };
}

/** Where it is unknown, the dearer is assumed. */
function keepsZeros({ capabilities }: ShortenFacts): boolean {
  return capabilities.commitKeepsZeros === true;
}

function planOf(
  guest: GuestRef,
  disk: Disk,
  intent: ShortenIntent,
  facts: ShortenFacts,
  strategy: Shortening | null,
  legs: readonly Leg[],
): PlanOf<ShortenIntent, ShortenStep> {
  const { target } = disk;
  const { hostId } = guest;
  const now = disk.chain ?? { images: [] };
  const after = legs.at(-1)?.after ?? now;
  const before = recordedOf(disk, facts);
  const later = withChain(before, target, after);
  const forgotten = intent.forgetAfter ? forgettable(later) : [];
  const steps: ShortenStep[] = [
    ...legs.map((leg) => stepOf(hostId, target, leg, facts)),
    ...(forgotten.length === 0 ? [] : [{ kind: 'forget', hostId, names: forgotten } as const]),
  ];
  const costs = steps.map((_, i) => legs[i]?.cost ?? null);
  const cost: Cost = {
    ...costOf(legs.map((leg) => leg.cost)),
    images: legs.map((leg) => leg.cost),
    steps: costs,
    freed: freedLater({ ...guest, target }, now, after, facts.users, neededImages(later)),
  };
  const kept = new Set(keys(after));
  const gone = now.images.filter(({ key }) => !kept.has(key));
  return {
    hostId,
    guest,
    uris: { [hostId]: facts.uri },
    guestName: facts.guestName,
    intent,
    fingerprint: JSON.stringify([fingerprint(now), forgotten, strategy?.merges ?? null]),
    disks: [{ target, now, after, merged: gone.map(({ key }) => key) }],
    wholeGuest: false,
    steps,
    cost,
    refusals: [...refusals(disk, now, intent, strategy, legs, facts), ...spaceRefusals(cost)],
    warnings: [
      ...imageWarnings([...new Set(legs.flatMap(({ merged, survivor }) => [...merged, survivor]))]),
      ...spaceWarnings(cost),
      ...unsureWarnings(facts.dependents),
      ...recordWarnings(before, later, intent.forgetAfter),
    ],
    otherUsers: otherUsers({ ...guest, target }, now, facts.users),
  };
}

/** The base of the single pull with the same result, `null` for no base; `undefined` if there is no such pull. */
export function pullBase({ images }: Chain, goal: Goal): string | null | undefined {
  switch (goal.kind) {
    case 'above':
      return goal.base;
    case 'only':
      return images[0]?.key === goal.image ? null : undefined;
    case 'at-most':
      return goal.images <= 1 ? null : images.at(1 - goal.images)?.key;
  }
}

/** From the base up. An image that could not be inspected counts as full. */
function layersOf({ images }: Chain, { maps }: ShortenFacts): readonly Layer[] {
  return images.toReversed().map(({ key, virtualSize }) => {
    const size = virtualSize ?? 0;
    return { map: maps.get(key) ?? fullMap(size), virtualSize: size };
  });
}

function fullMap(size: number): ClusterMap {
  const full = emptyMap(size, FULL_CLUSTER);
  markRange(full.data, 0, Math.ceil(size / FULL_CLUSTER));
  return full;
}

const FULL_CLUSTER = 65536;

function protectionOf(
  { images }: Chain,
  pinned: readonly string[],
  { dependents: { users, records, overlays }, capabilities }: ShortenFacts,
): Protection {
  const holds = (test: (image: Image) => boolean) => images.filter(test).map(({ key }) => key);
  return {
    shared: new Set([...users, ...records, ...overlays].map(({ image }) => image)),
    pinned: new Set([...pinned, ...holds(({ traits }) => traits.internalSnapshots > 0)]),
    unpullable: new Set(capabilities.extendedL2Aborts ? holds(({ traits }) => traits.extendedL2) : []),
  };
}

/** The cheapest strategy; a pull, if there is one, where QEMU may not or probably may not write what the cheapest writes. */
function cheapestOf(
  { pull, cheapest }: Strategies,
  legsFor: (strategy: Shortening) => readonly Leg[],
  { capabilities }: ShortenFacts,
): Shortening | null {
  if (pull === null || cheapest === null) return cheapest;
  const isDenied = ({ source, writeProtected }: Image) =>
    writeProtected || (capabilities.confinesBackingFiles && source.kind !== 'network');
  return legsFor(cheapest).flatMap(writtenImages).some(isDenied) ? pull : cheapest;
}

function writtenImages({ merge, before, after }: Leg): readonly Image[] {
  const written = merge.kind === 'pull' ? [] : writtenBelow({ before: keys(before), after: keys(after) });
  return before.images.filter(({ key }) => written.includes(key));
}

/** That commits would copy less than this strategy, which avoids them. */
function avoidedCommits(
  { cheapest }: Strategies,
  { bytes }: Shortening,
  { capabilities }: ShortenFacts,
): readonly Problem[] {
  const saved = cheapest === null ? 0 : bytes - cheapest.bytes;
  const by = capabilities.confinesBackingFiles ? 'apparmor' : 'mode';
  return saved > 0 ? [problem('CHEAPEST_AVOIDS_COMMITS', { saved, by })] : [];
}

/** Images that earlier operations left behind and that prevent a strategy that would copy less. */
function leftoversThatDepend(
  now: Chain,
  strategy: Shortening,
  cheapestWith: (protection: Protection) => Shortening | null,
  pinned: readonly string[],
  facts: ShortenFacts,
): readonly Problem[] {
  const { dependents } = facts;
  const found = leftoversOn(dependents, now, 'LEFTOVER_RAISES_COST');
  if (found.length === 0) return [];
  const overlays = dependents.overlays.filter(({ left }) => left === undefined);
  const open = cheapestWith(protectionOf(now, pinned, { ...facts, dependents: { ...dependents, overlays } }));
  const saved = open === null ? 0 : strategy.bytes - open.bytes;
  return saved <= 0 ? [] : found.map(({ code, params }) => problem(code, { ...params, saved }));
}

function legsOf(disk: Disk, now: Chain, merges: readonly Merge[], facts: ShortenFacts): readonly Leg[] {
  const legs: Leg[] = [];
  let doubt = 0;
  let state: ChainState = { chain: now, maps: facts.maps, layouts: facts.layouts ?? new Map() };
  for (const [i, merge] of merges.entries()) {
    const joined = joinedBy(state.chain, merge);
    if (joined === null) break;
    const prediction = predicted(merge, state.chain, predictionFacts({ ...facts, ...state }, disk));
    const cost: ImageCost = {
      atMost: most(merge, joined, state),
      predicted: prediction && lessSure(prediction, doubt),
      freeSpace: facts.freeSpaces.get(joined.survivor.key) ?? null,
      into: imageName(joined.survivor),
    };
    // The uncertainty of one job carries over to the next.
    doubt += prediction === null ? 0 : prediction.most - prediction.least;
    const growth = prediction?.likely ?? null;
    const after = chainAfter(state.chain, merge, growth);
    legs.push({ ...joined, merge, before: state.chain, after, cost });
    if (i < merges.length - 1) state = stateAfter(state, merge, growth, keepsZeros(facts));
  }
  return legs;
}

function predicted(merge: Merge, chain: Chain, known: PredictionFacts): Prediction | null {
  const base = merge.base === null ? chain.images.length : positionOf(chain, merge.base);
  switch (merge.kind) {
    case 'pull':
      return predictPull(chain, base, known);
    case 'commit':
      return predictCommit(chain, positionOf(chain, merge.top), base, known);
    case 'active-commit':
      return predictActiveCommit(chain, base, known);
  }
}

function most(merge: Merge, { survivor, merged }: Joined, { chain, maps }: ChainState): number | null {
  return merge.kind === 'pull'
    ? mostPulled(chain, merged, maps)
    : mostCommitted(merged, survivor, maps, merge.kind === 'active-commit');
}

function stepOf(
  hostId: string,
  target: string,
  { merge, before, after }: Leg,
  { capabilities }: ShortenFacts,
): PullStep | CommitStep | ActiveCommitStep {
  const step = { hostId, target, before: keys(before), after: keys(after) };
  return merge.kind === 'pull'
    ? { ...merge, ...step, flush: flushKindOf(capabilities) }
    : { ...merge, ...step };
}

/** The cost of all jobs. They may write to one file system, so the least free space counts for the sum. */
function costOf(costs: readonly ImageCost[]): ImageCost {
  const freeSpaces = costs.flatMap(({ freeSpace }) => freeSpace ?? []);
  const names = new Set(costs.map(({ into }) => into));
  return {
    atMost: costs.reduce<number | null>(
      (sum, { atMost }) => (sum === null || atMost === null ? null : sum + atMost),
      0,
    ),
    predicted: together(costs.map((cost) => cost.predicted ?? null)),
    freeSpace: freeSpaces.toSorted((a, b) => spare(a) - spare(b))[0] ?? null,
    into: names.size === 1 ? (costs[0]?.into ?? null) : null,
  };
}

function refusals(
  disk: Disk,
  now: Chain,
  { goal, strategy: how, pinned }: ShortenIntent,
  strategy: Shortening | null,
  legs: readonly Leg[],
  facts: ShortenFacts,
): readonly Problem[] {
  if (activeOf(now) === null) return [disk.problem ?? problem('DISK_EMPTY', { target: disk.target })];
  const found = [...jobRefusals(disk, facts)];
  const named = goal.kind === 'above' ? goal.base : goal.kind === 'only' ? goal.image : null;
  if (named !== null && positionOf(now, named) === -1) {
    return [problem('BASE_NOT_IN_CHAIN', { base: named }), ...found];
  }
  const unmapped = concerned(now, goal).find(({ key }) => !facts.maps.has(key));
  if (how === 'cheapest' && unmapped !== undefined) {
    return [problem('CHEAPEST_UNKNOWN', { image: imageName(unmapped) }), ...found];
  }
  if (strategy === null) return [...whyNoStrategy(now, goal, pinned, facts), ...found];
  if (strategy.merges.length === 0) found.push(problem('SHORT_ENOUGH', { target: disk.target }));
  if (legs.some(({ merge }) => merge.kind !== 'pull')) found.push(...silentRefusals(facts.dependents));
  for (const { merge, before, after, merged, survivor } of legs) {
    if (merge.kind === 'pull') {
      found.push(...pullDecrypts(survivor, merged));
      continue;
    }
    const top = merged[0];
    const above = top === undefined ? null : (before.images[before.images.indexOf(top) - 1] ?? null);
    found.push(...runRefusals({ above, merged, base: survivor }), ...protectionRefusals(before, after));
  }
  return found;
}

function whyNoStrategy(
  now: Chain,
  goal: Goal,
  pinned: readonly string[],
  facts: ShortenFacts,
): readonly Problem[] {
  const images = concerned(now, goal);
  const shared = sharedRefusals(facts.dependents, { images });
  if (shared.length > 0) return shared;
  const snapshots = images.filter(({ traits }) => traits.internalSnapshots > 0);
  if (snapshots.length > 0) {
    return snapshots.map((image) =>
      problem('MERGE_INTERNAL_SNAPSHOTS', { image: imageName(image), count: image.traits.internalSnapshots }),
    );
  }
  const kept = images.filter(({ key }) => pinned.includes(key));
  return kept.length > 0
    ? kept.map((image) => problem('PINNED_WOULD_CHANGE', { image: imageName(image) }))
    : [problem('NO_STRATEGY')];
}

/** The images that may change or leave the chain. */
function concerned(now: Chain, goal: Goal): readonly Image[] {
  return goal.kind === 'above' ? now.images.slice(0, positionOf(now, goal.base)) : now.images;
}
