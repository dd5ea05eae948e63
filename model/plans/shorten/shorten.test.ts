import { describe, expect, test } from 'vitest';
import type { ClusterMap } from '../../content/cluster-map.ts';
import { keys } from '../../fleet/chain.ts';
import { NO_DEPENDENTS } from '../../fleet/dependents.ts';
import type { Image } from '../../fleet/image.ts';
import { intentFor, isSameStrategy, overwritten, strategiesFor } from '../../kinds/strategy.ts';
import { chainOf, diskWith, FACTS, GIB, imageAt, QCOW2, REF } from '../../testing.ts';
import type { Goal } from './goal.ts';
import { pullBase, type ShortenFacts, type ShortenIntent, shortener } from './shorten.ts';

const CLUSTER = 65536;

/** From the active image down; each holds its first clusters, so many. */
const CLUSTERS = { '/active': 1, '/c': 8, '/b': 2, '/a': 30 };
const chain = chainOf(...Object.keys(CLUSTERS));
const disk = diskWith(chain);

const map = (clusters: number): ClusterMap => {
  const words = GIB / CLUSTER / 32;
  const data = new Uint32Array(words);
  data[0] = clusters >= 32 ? 0xffff_ffff : 2 ** clusters - 1;
  return { clusterSize: CLUSTER, data, zeros: new Uint32Array(words) };
};

const freeSpace = (free: number) => ({ fileSystem: '/', free, reserve: 0 });

const facts: ShortenFacts = {
  ...FACTS,
  disks: [disk],
  freeSpaces: new Map(keys(chain).map((key) => [key, freeSpace(10 * GIB)])),
  dependents: NO_DEPENDENTS,
  maps: new Map(Object.entries(CLUSTERS).map(([key, clusters]) => [key, map(clusters)])),
};

function shortenTo(goal: Goal, changes: Partial<ShortenIntent> = {}): ShortenIntent {
  return {
    kind: 'shorten',
    target: 'vda',
    goal,
    strategy: 'cheapest',
    pinned: [],
    forgetAfter: true,
    ...changes,
  };
}

const plan = (intent: ShortenIntent, changes: Partial<ShortenFacts> = {}) =>
  shortener(REF, disk, { ...facts, ...changes })(intent);

test('each step begins with the chain that the one before it leaves', () => {
  const { steps, disks, refusals } = plan(shortenTo({ kind: 'above', base: '/a' }));
  expect(refusals).toEqual([]);
  // Two clusters of /b lie hidden under /c, so that everything goes down into /c first.
  expect(steps).toMatchObject([
    { kind: 'active-commit', base: '/c', before: ['/active', '/c', '/b', '/a'], after: ['/c', '/b', '/a'] },
    { kind: 'pull', base: '/a', before: ['/c', '/b', '/a'], after: ['/c', '/a'] },
  ]);
  expect(keys(disks[0]?.after ?? { images: [] })).toEqual(['/c', '/a']);
  expect(disks[0]?.merged).toEqual(['/active', '/b']);
});

test('the cost is that of all steps, the free space that of the image with the least', () => {
  const freeSpaces = new Map([...facts.freeSpaces, ['/c', freeSpace(5 * GIB)]]);
  const { cost, steps } = plan(shortenTo({ kind: 'above', base: '/a' }), { freeSpaces });
  expect(cost.steps).toHaveLength(steps.length);
  expect(cost.freeSpace).toEqual(freeSpace(5 * GIB));
  expect(cost.into).toBe('c');
  const sum = (cost.steps ?? []).reduce((all, one) => all + (one?.atMost ?? 0), 0);
  expect(cost.atMost).toBe(sum);
});

test('records that are stale afterwards are forgotten last', () => {
  const record = {
    name: 'old',
    description: null,
    createdAt: 0,
    parent: null,
    disks: [{ target: 'vda', kind: 'external' as const, frozen: '/b', overlay: '/c' }],
  };
  const forgetting = plan(shortenTo({ kind: 'above', base: '/a' }), { records: [record] });
  expect(forgetting.steps.at(-1)).toMatchObject({ kind: 'forget', names: ['old'] });
  expect(forgetting.cost.steps?.at(-1)).toBeNull();
  const keeping = plan(shortenTo({ kind: 'above', base: '/a' }, { forgetAfter: false }), {
    records: [record],
  });
  expect(keeping.warnings).toContainEqual({ code: 'RECORD_STALE', params: { name: 'old' } });
});

describe('where a mode lets nobody write an image', () => {
  const goal = { kind: 'above', base: '/a' } as const;
  const protecting = (...protectedKeys: readonly string[]) => {
    const on = {
      images: chain.images.map((image) => ({ ...image, writeProtected: protectedKeys.includes(image.key) })),
    };
    return shortener(REF, diskWith(on), facts);
  };

  test('the cheapest strategy is the pull if it would be written, and a commit into it is refused', () => {
    const { steps, warnings, refusals } = protecting('/c')(shortenTo(goal));
    expect(steps).toMatchObject([{ kind: 'pull', base: '/a' }]);
    expect(refusals).toEqual([]);
    expect(warnings).toEqual([
      { code: 'CHEAPEST_AVOIDS_COMMITS', params: { saved: 6 * CLUSTER, by: 'mode' } },
    ]);
    const down = protecting('/b')(shortenTo(goal, { strategy: 'merge-down' }));
    expect(down.refusals).toEqual([{ code: 'WRITE_PROTECTED', params: { image: 'b', as: 'base' } }]);
  });

  test('an image that nothing is written into changes nothing', () => {
    const { steps, warnings, refusals } = protecting('/a', '/active')(shortenTo(goal));
    expect(steps).toEqual(plan(shortenTo(goal)).steps);
    expect([...warnings, ...refusals]).toEqual([]);
  });
});

describe('where AppArmor probably denies commits', () => {
  const capabilities = { ...facts.capabilities, confinesBackingFiles: true };
  const goal = { kind: 'above', base: '/a' } as const;

  test('the cheapest strategy is the pull, and the plan says what that costs', () => {
    const { steps, warnings } = plan(shortenTo(goal), { capabilities });
    expect(steps).toMatchObject([{ kind: 'pull', base: '/a' }]);
    // The guest reads seven clusters of /c, and one of /active.
    expect(warnings).toEqual([
      { code: 'CHEAPEST_AVOIDS_COMMITS', params: { saved: 6 * CLUSTER, by: 'apparmor' } },
    ]);
  });

  test('commits are left where no pull leads there, and where somebody asks for them', () => {
    const only = plan(shortenTo({ kind: 'only', image: '/a' }), { capabilities });
    expect(only.steps).toMatchObject([{ kind: 'active-commit', base: '/a' }]);
    const down = plan(shortenTo(goal, { strategy: 'merge-down' }), { capabilities });
    expect(down.steps).toMatchObject([{ kind: 'active-commit', base: '/b' }]);
    expect([...only.warnings, ...down.warnings]).toEqual([]);
  });

  test('network sources, which no rule is about, are committed into as elsewhere', () => {
    const remote = (image: Image, i: number): Image =>
      i === 0 ? image : { ...image, source: { kind: 'network', protocol: 'nbd', name: image.key } };
    const on = diskWith({ images: chain.images.map(remote) });
    const { steps, warnings } = shortener(REF, on, { ...facts, capabilities })(shortenTo(goal));
    expect(steps.map(({ kind }) => kind)).toEqual(['active-commit', 'pull']);
    expect(warnings).toEqual([]);
  });
});

describe('refused', () => {
  test('what others depend on, with their names', () => {
    const user = { ...REF, uuid: 'x', guestName: 'other', target: 'vda', image: '/b' };
    const dependents = { ...NO_DEPENDENTS, users: [user] };
    const { refusals, steps } = plan(shortenTo({ kind: 'above', base: '/a' }), { dependents });
    expect(refusals).toEqual([{ code: 'SHARED_WRITTEN', params: { image: '/b', guests: 'other (vda)' } }]);
    expect(steps).toEqual([]);
  });

  test.each([
    ['a base that is not there', shortenTo({ kind: 'above', base: '/gone' }), 'BASE_NOT_IN_CHAIN'],
    ['a chain that is short enough', shortenTo({ kind: 'at-most', images: 9 }), 'SHORT_ENOUGH'],
    [
      'a pinned image in the way',
      shortenTo({ kind: 'at-most', images: 1 }, { pinned: ['/b'] }),
      'PINNED_WOULD_CHANGE',
    ],
  ])('%s', (_, intent, code) => {
    expect(plan(intent).refusals.map((refusal) => refusal.code)).toContain(code);
  });

  test('the cheapest strategy is refused without inspected images, a merge down is not', () => {
    const maps = new Map([...facts.maps].filter(([key]) => key !== '/b'));
    const cheapest = plan(shortenTo({ kind: 'above', base: '/a' }), { maps });
    expect(cheapest.refusals).toEqual([{ code: 'CHEAPEST_UNKNOWN', params: { image: 'b' } }]);
    const down = plan(shortenTo({ kind: 'above', base: '/a' }, { strategy: 'merge-down' }), { maps });
    expect(down.refusals).toEqual([]);
    expect(down.steps).toMatchObject([{ kind: 'active-commit', base: '/b' }]);
  });

  test('a guest that is shut off', () => {
    const { refusals } = plan(shortenTo({ kind: 'above', base: '/a' }), { guestRuns: false });
    expect(refusals.map(({ code }) => code)).toContain('GUEST_NOT_RUNNING');
  });
});

test('a leftover that prevents a cheaper strategy is named, with what its deletion would save', () => {
  // Of neighbours, the lowest two copy the least.
  const bits = { '/active': 0xff, '/c': 0xff00, '/b': 0x1_0000, '/a': 0x2_0000 };
  const maps = new Map(
    Object.entries(bits).map(([key, word]) => {
      const content = map(0);
      content.data[0] = word;
      return [key, content];
    }),
  );
  const left = { operationId: 'op', hostId: 'alpha', intent: 'merge-down', guestName: 'web-1', at: 1 };
  const made = (overlays: ShortenFacts['dependents']['overlays']) =>
    plan(shortenTo({ kind: 'at-most', images: 3 }), { maps, dependents: { ...NO_DEPENDENTS, overlays } })
      .warnings;
  expect(made([])).toEqual([]);
  expect(made([{ path: '/old', image: '/a', left }])).toMatchObject([
    {
      code: 'LEFTOVER_RAISES_COST',
      params: { image: '/a', files: '/old', operation: 'op', saved: 7 * CLUSTER },
    },
  ]);
  // Nothing is said of what no operation left, nor where as much is copied without it.
  expect(made([{ path: '/old', image: '/a' }])).toEqual([]);
  const same = plan(shortenTo({ kind: 'at-most', images: 3 }), {
    dependents: { ...NO_DEPENDENTS, overlays: [{ path: '/old', image: '/b', left }] },
  });
  expect(same.warnings).toEqual([]);
});

test('an image with internal snapshots stays as it is', () => {
  const images = chain.images.map((image) =>
    image.key === '/b' ? imageAt('/b', { traits: { ...QCOW2, internalSnapshots: 1 } }) : image,
  );
  const intent = shortenTo({ kind: 'at-most', images: 3 });
  const { steps } = shortener(REF, diskWith({ images }), facts)(intent);
  expect(steps).toMatchObject([{ kind: 'active-commit', base: '/c' }]);
});

test('the pull that leads to the same is a flatten', () => {
  expect(pullBase(chain, { kind: 'at-most', images: 1 })).toBeNull();
  expect(pullBase(chain, { kind: 'at-most', images: 3 })).toBe('/b');
  expect(pullBase(chain, { kind: 'above', base: '/a' })).toBe('/a');
  expect(pullBase(chain, { kind: 'only', image: '/active' })).toBeNull();
  expect(pullBase(chain, { kind: 'only', image: '/c' })).toBeUndefined();
  expect(intentFor('pull', chain, 'vda', { kind: 'at-most', images: 2 }, [])).toMatchObject({ base: '/a' });
  expect(intentFor('pull', chain, 'vda', { kind: 'at-most', images: 2 }, ['/c'])).toBeNull();
  expect(
    strategiesFor(chain, 'vda', { kind: 'only', image: '/c' }, []).map(({ intent }) => intent?.kind),
  ).toEqual([undefined, 'shorten', 'shorten']);
});

test('images that are written into are named, and strategies with the same jobs are recognized', () => {
  const cheapest = plan(shortenTo({ kind: 'above', base: '/a' }));
  const down = plan(shortenTo({ kind: 'above', base: '/a' }, { strategy: 'merge-down' }));
  expect(overwritten(cheapest)).toEqual(['c']);
  expect(overwritten(down)).toEqual(['b']);
  expect(isSameStrategy(cheapest, down)).toBe(false);
  expect(
    isSameStrategy(cheapest, plan(shortenTo({ kind: 'above', base: '/a' }, { forgetAfter: false }))),
  ).toBe(true);
});
