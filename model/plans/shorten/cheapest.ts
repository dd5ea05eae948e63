import type { Overlap } from '../../content/layer-overlap.ts';
import type { Chain } from '../../fleet/chain.ts';
import type { Image } from '../../fleet/image.ts';
import type { Goal } from './goal.ts';

/** What must not be done to images, by key. */
export interface Protection {
  /** Something else depends on them: neither they nor the images below them may be written or leave the chain. */
  readonly shared: ReadonlySet<string>;
  /** Images that stay as they are, because the operator wants it or because their content would be lost. */
  readonly pinned: ReadonlySet<string>;
  /** Images that a pull into would not be safe. */
  readonly unpullable: ReadonlySet<string>;
}

/** One block job; keys of images. */
export type Merge =
  | { readonly kind: 'commit'; readonly top: string; readonly base: string }
  | { readonly kind: 'active-commit'; readonly base: string }
  | { readonly kind: 'pull'; readonly base: string | null };

/** A sequence of block jobs that shortens a chain. */
export interface Shortening {
  /** In their order. */
  readonly merges: readonly Merge[];
  /** Keys of the images that stay, from the active one down. */
  readonly left: readonly string[];
  /** Bytes of the copied clusters; tables come on top. */
  readonly bytes: number;
}

/** The strategies for one result; `null` for a strategy that is not allowed. */
export interface Strategies {
  readonly pull: Shortening | null;
  readonly mergeDown: Shortening | null;
  readonly cheapest: Shortening | null;
}

/**
 * A run of images that become one: the layers from `lowest` to `highest`, counted from the base, are merged into
 * `survivor`.
 */
interface Group {
  readonly lowest: number;
  readonly highest: number;
  readonly survivor: number;
  readonly bytes: number;
}

/** If two copy the same bytes, the one with fewer block jobs is better. */
interface Partition {
  readonly bytes: number;
  readonly jobs: number;
  readonly groups: readonly Group[];
}

/**
 * The strategies, with the one that copies the fewest bytes. A chain is cut into runs. Each run is committed into
 * its lowest image. The run with the active image may be merged into any of its images, because QEMU can also pull
 * into the active one: the images above are committed into it, then those below are pulled. The result equals an
 * exhaustive search over all sequences of block jobs, see the test. If strategies cost the same, a pull is chosen:
 * it writes only the active image.
 */
export function strategiesTo(goal: Goal, chain: Chain, overlap: Overlap, protection: Protection): Strategies {
  const layers = chain.images.toReversed();
  const rules = rulesOf(layers, protection);
  const top = layers.length - 1;
  const active = (lowest: number, survivors: readonly number[]) =>
    best(
      survivors
        .filter((survivor) => rules.mayBeActive(lowest, survivor))
        .map((survivor) => activeGroup(overlap, lowest, top, survivor)),
    );
  const any = (lowest: number) => range(lowest, top).toReversed();
  const shorten = (groups: readonly (Group | null)[] | null) =>
    groups?.every((group) => group !== null) ? shortening(layers, groups) : null;
  const strategies = (lowest: number, survivors: readonly number[]) => {
    const strategy = (chosen: readonly number[]) =>
      shorten([...range(0, lowest - 1).map(single), active(lowest, chosen)]);
    const allowed = (survivor: number) => survivors.filter((one) => one === survivor);
    return {
      pull: strategy(allowed(top)),
      mergeDown: strategy(allowed(lowest)),
      cheapest: strategy(survivors),
    };
  };
  const at = (key: string) => layers.findIndex((layer) => layer.key === key);
  switch (goal.kind) {
    case 'above': {
      const base = at(goal.base);
      return base === -1 || base === top ? NO_STRATEGIES : strategies(base + 1, any(base + 1));
    }
    case 'only': {
      const survivor = at(goal.image);
      return survivor === -1 ? NO_STRATEGIES : strategies(0, [survivor]);
    }
    case 'at-most': {
      if (goal.images < 1 || top === -1) return NO_STRATEGIES;
      const lowest = Math.max(0, Math.min(top, goal.images - 1));
      const cheapest = shorten(bestPartition(layers, overlap, rules, goal.images, (a) => active(a, any(a))));
      return { ...strategies(lowest, any(lowest)), cheapest };
    }
  }
}

const NO_STRATEGIES: Strategies = { pull: null, mergeDown: null, cheapest: null };

function activeGroup({ visible }: Overlap, lowest: number, top: number, survivor: number): Group {
  const bytes = range(lowest, top)
    .filter((layer) => layer !== survivor)
    .reduce((sum, layer) => sum + (visible[layer] ?? 0), 0);
  return { lowest, highest: top, survivor, bytes };
}

/** The cheapest cut into at most so many runs; `null` if protected images allow none. */
function bestPartition(
  layers: readonly Image[],
  overlap: Overlap,
  rules: Rules,
  most: number,
  active: (lowest: number) => Group | null,
): readonly Group[] | null {
  const count = layers.length;
  // Indexed by the number of merged layers and the number of their runs.
  const done: (Partition | null)[][] = [[{ bytes: 0, jobs: 0, groups: [] }]];
  for (let end = 1; end < count; end++) {
    const row: (Partition | null)[] = [null];
    for (let runs = 1; runs < most && runs <= end; runs++) {
      const strategies = range(0, end - 1).map((lowest) => {
        const before = done[lowest]?.[runs - 1] ?? null;
        if (before === null || !rules.mayCommit(lowest, end - 1)) return null;
        const bytes = overlap.committed(lowest, end - 1);
        return joined(before, { lowest, highest: end - 1, survivor: lowest, bytes });
      });
      row.push(cheaper(strategies));
    }
    done.push(row);
  }
  const whole = range(0, count - 1).flatMap((lowest) => {
    const group = active(lowest);
    return group === null
      ? []
      : (done[lowest] ?? []).slice(0, most).map((before) => before && joined(before, group));
  });
  return cheaper(whole)?.groups ?? null;
}

function joined({ bytes, jobs, groups }: Partition, group: Group): Partition {
  return { bytes: bytes + group.bytes, jobs: jobs + mergesOf(group).length, groups: [...groups, group] };
}

function cheaper(strategies: readonly (Partition | null)[]): Partition | null {
  let found: Partition | null = null;
  for (const strategy of strategies) {
    if (strategy === null) continue;
    if (
      found === null ||
      strategy.bytes < found.bytes ||
      (strategy.bytes === found.bytes && strategy.jobs < found.jobs)
    ) {
      found = strategy;
    }
  }
  return found;
}

function best(groups: readonly Group[]): Group | null {
  return cheaper(groups.map((group) => joined({ bytes: 0, jobs: 0, groups: [] }, group)))?.groups[0] ?? null;
}

interface Rules {
  /** Whether the layers from `lowest` to `highest`, none of them active, may become one. */
  mayCommit(lowest: number, highest: number): boolean;
  /** Whether all from `lowest` up may be merged into `survivor`. */
  mayBeActive(lowest: number, survivor: number): boolean;
}

function rulesOf(layers: readonly Image[], { shared, pinned, unpullable }: Protection): Rules {
  const top = layers.length - 1;
  const protectedUpTo = layers.findLastIndex(({ key }) => shared.has(key));
  const free = (lowest: number, highest: number) =>
    lowest === highest ||
    (lowest > protectedUpTo && layers.slice(lowest, highest + 1).every(({ key }) => !pinned.has(key)));
  // A merge makes a base longer, never shorter. So the end of a longer base would be exposed if the image above hid it.
  const grows = (lowest: number, highest: number) =>
    range(lowest, highest).every((at) => at <= lowest || notShorter(layers[at], layers[at - 1]));
  return {
    mayCommit: (lowest, highest) => free(lowest, highest) && grows(lowest, highest),
    mayBeActive: (lowest, survivor) =>
      free(lowest, top) &&
      grows(lowest, top) &&
      (survivor === lowest ||
        (!unpullable.has(layers[survivor]?.key ?? '') &&
          (lowest === 0 || notShorter(layers[survivor - 1], layers[lowest - 1])))),
  };
}

function notShorter(image: Image | undefined, below: Image | undefined): boolean {
  const [own, other] = [image?.virtualSize ?? null, below?.virtualSize ?? null];
  return own === null || other === null || own >= other;
}

function shortening(layers: readonly Image[], groups: readonly Group[]): Shortening {
  const key = (at: number) => layers[at]?.key ?? '';
  const merges = groups.flatMap((group) => mergesOf(group, group.highest === layers.length - 1, key));
  const left = groups.map(({ survivor }) => key(survivor)).toReversed();
  return { merges, left, bytes: groups.reduce((sum, { bytes }) => sum + bytes, 0) };
}

function mergesOf(
  { lowest, highest, survivor }: Group,
  isActive = true,
  key: (at: number) => string = String,
): readonly Merge[] {
  if (lowest === highest) return [];
  if (!isActive) return [{ kind: 'commit', top: key(highest), base: key(lowest) }];
  return [
    ...(survivor === highest ? [] : [{ kind: 'active-commit', base: key(survivor) } as const]),
    ...(survivor === lowest ? [] : [{ kind: 'pull', base: lowest === 0 ? null : key(lowest - 1) } as const]),
  ];
}

function single(at: number): Group {
  return { lowest: at, highest: at, survivor: at, bytes: 0 };
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
}
