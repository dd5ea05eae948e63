import { expect, test } from 'vitest';
import { problem } from '../../../model/problem.ts';
import {
  aside,
  chainOf,
  commitPlan,
  deepChain,
  diskWith,
  pullPlan,
  record,
  revertsWith,
} from '../testing.ts';
import { IMAGE } from './layout.ts';
import type { SceneInput } from './scene.ts';
import { scene } from './testing.ts';

/** base <- s1 <- s2 was reverted to s1, and then once more to s2, after which s3 was taken. */
const now = chainOf('s1.2', 's1', 'base');
const records = [
  record('first', 'base', 's1'),
  record('second', 's1', 's1.2'),
  record('third', 'base.1', 'gone'),
];
const branched = { chain: now, records, reverts: revertsWith('second', aside('base.1', 'base')) };

test('a branch is drawn above the image that it is backed by, with its snapshot and a line to it', () => {
  const { items, lines, branches, order } = scene(branched);
  const [branch] = items.filter(({ kind }) => kind === 'aside');
  expect(branch).toMatchObject({
    id: 'image:base.1',
    facts: {
      place: 'aside',
      restsOn: 'base',
      flags: [{ name: 'third', state: 'branch' }],
      position: 1,
      depth: 3,
    },
  });
  expect(branch?.box.y).toBeLessThan(0);
  expect(lines).toContainEqual(
    expect.objectContaining({ kind: 'branch', from: 'image:base.1', to: 'image:base', spoils: false }),
  );
  expect(order).toEqual(['image:s1.2', 'image:s1', 'image:base']);
  expect(branches).toEqual([{ order: ['image:base.1'], on: 'image:base' }]);
});

test('only what a branch is backed by says so, and a commit into it or below it shows what would change', () => {
  const seen = (more: Partial<SceneInput>) =>
    scene({ ...branched, ...more }).items.flatMap((item) =>
      item.kind === 'image' || item.kind === 'aside'
        ? [`${item.facts.image.key} ${item.facts.readers.length} ${item.facts.spoils}`]
        : [],
    );
  const still = ['s1.2 0 false', 's1 0 false', 'base 1 false', 'base.1 1 false'];
  expect(seen({})).toEqual(still);
  expect(seen({ plan: pullPlan(now, null) })).toEqual(still);
  expect(seen({ plan: commitPlan(now, 's1.2', 's1') })).toEqual(still);
  const written = { ...branched, plan: commitPlan(now, 's1', 'base') };
  expect(seen(written)).toEqual(['s1.2 0 false', 's1 0 false', 'base 1 true', 'base.1 1 true']);
  expect(
    scene(written)
      .lines.filter(({ spoils }) => spoils)
      .map(({ from }) => from),
  ).toEqual(['image:base.1']);
});

test('the image where a branch leaves a deep chain is not folded, and a long branch is', () => {
  const deep = deepChain(30);
  const line = Array.from({ length: 12 }, (_, i) => aside(`x${i}`, i < 11 ? `x${i + 1}` : 'l20'));
  const { order, branches, lines, items } = scene({
    chain: deep,
    records: [record('old', 'x0', 'gone')],
    reverts: revertsWith(null, ...line),
  });
  expect(order).toEqual(['image:l0', 'fold:l1', 'image:l20', 'fold:l21', 'image:l29']);
  expect(branches).toEqual([{ order: ['image:x0', 'fold:x1', 'image:x11'], on: 'image:l20' }]);
  expect(lines.filter(({ kind }) => kind === 'branch').map(({ from, to }) => `${from} > ${to}`)).toEqual([
    'image:x0 > fold:x1',
    'fold:x1 > image:x11',
    'image:x11 > image:l20',
  ]);
  expect(items.find(({ id }) => id === 'fold:x1')?.box.height).toBeLessThan(IMAGE.height);
});

test('what is backed by nothing has no line, and sizes and ends that are unknown stay unknown', () => {
  const unread = aside('s1', null, {
    allocated: null,
    virtualSize: null,
    problem: problem('NOT_IN_POOL', { image: 's1' }),
  });
  const flat = {
    chain: chainOf('s2'),
    records: [record('old', 's1', 's2')],
    reverts: revertsWith(null, unread),
  };
  const { items, lines } = scene(flat);
  expect(lines).toEqual([]);
  expect(items.find(({ kind }) => kind === 'aside')).toMatchObject({
    facts: {
      image: { allocated: null, virtualSize: null },
      endsUnknown: true,
      restsOn: null,
      place: 'aside',
    },
  });
  const lost = diskWith(flat.chain, { problem: problem('IMAGE_MISSING', { image: 's0' }) });
  expect(scene({ ...flat, disk: lost }).items.find(({ kind }) => kind === 'aside')).toMatchObject({
    facts: { place: 'unplaced' },
  });
});
