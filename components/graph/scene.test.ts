import { describe, expect, test } from 'vitest';
import { planFlatten } from '../../model/flatten.ts';
import { FACTS, flattenTo, operationOf } from '../../model/testing.ts';
import { AFTER_Y, type Item, type Scene, type SceneInput, sceneOf } from './scene.ts';
import { chainOf, deepChain, diskWith, REF, record, user, usersOf } from './testing.ts';

const chain = chainOf('active', 'sn2', 'sn1', 'base');

function scene(more: Partial<SceneInput> = {}): Scene {
  const drawn = more.chain ?? chain;
  return sceneOf({
    chain: drawn,
    disk: diskWith(drawn),
    ref: REF,
    records: [],
    users: usersOf(drawn, {}),
    base: undefined,
    operation: null,
    opened: new Set(),
    ...more,
  });
}

const ids = (items: readonly Item[], kind: Item['kind']) =>
  items.filter((item) => item.kind === kind).map(({ id }) => id);

describe('what is now', () => {
  test('an arrow goes from each overlay to its backing image', () => {
    expect(scene().lines.map(({ from, to }) => `${from} > ${to}`)).toEqual([
      'image:active > image:sn2',
      'image:sn2 > image:sn1',
      'image:sn1 > image:base',
    ]);
    expect(ids(scene().items, 'after')).toEqual([]);
  });

  test('every line joins two things that are drawn', () => {
    const users = usersOf(chain, { base: [user('a'), user('b')], sn1: [user('c')] });
    for (const base of [undefined, null, 'sn1', 'base']) {
      const { items, lines } = scene({ users, base });
      const drawn = new Set(items.map(({ id }) => id));
      expect(drawn.size).toBe(items.length);
      expect(lines.filter(({ from, to }) => !drawn.has(from) || !drawn.has(to))).toEqual([]);
    }
  });

  test('records hang on what they froze; all stale ones are told, with a place or without', () => {
    const records = [
      record('one', 'sn1', 'sn2'),
      record('old', 'gone', 'gone too'),
      record('half', 'base', 'gone'),
    ];
    const { items, stale } = scene({ records });
    const flags = items.flatMap((item) => (item.kind === 'image' ? item.facts.flags : []));
    expect(flags).toEqual([
      { name: 'one', stale: false },
      { name: 'half', stale: true },
    ]);
    expect(stale).toEqual(['old', 'half']);
  });

  test('folds open by the keys of their images', () => {
    const deep = deepChain(64);
    expect(scene({ chain: deep })).toMatchObject({ order: ['image:l0', 'fold:l1', 'image:l63'], hidden: 62 });
    const opened = new Set(deep.images.map(({ key }) => key));
    expect(scene({ chain: deep, opened }).hidden).toBe(0);
  });
});

describe('what will be', () => {
  test('survivors keep their column, one arrow joins them, the merged lie below it', () => {
    const { items, lines } = scene({ base: 'base' });
    const box = (id: string) => items.find((item) => item.id === id)?.box;
    expect(ids(items, 'after')).toEqual(['after:image:active', 'after:image:base']);
    expect(ids(items, 'leftover')).toEqual(['after:image:sn2', 'after:image:sn1']);
    expect(box('after:image:active')).toMatchObject({ x: box('image:active')?.x, y: AFTER_Y });
    expect(lines.filter(({ kind }) => kind === 'after')).toMatchObject([
      { from: 'after:image:active', to: 'after:image:base' },
    ]);
  });

  test('without a base the active image stands alone', () => {
    const { items, lines } = scene({ base: null });
    expect(ids(items, 'after')).toEqual(['after:image:active']);
    expect(items.find(({ kind }) => kind === 'caption')).toMatchObject({ depth: 1 });
    expect(lines.some(({ kind }) => kind === 'after')).toBe(false);
  });

  test('folds below the base stay folds, those above are left over', () => {
    const { items } = scene({ chain: deepChain(64), base: 'l30' });
    expect(ids(items, 'fold')).toEqual(['fold:l1', 'fold:l32', 'after:fold:l32']);
    expect(ids(items, 'leftover')).toEqual(['after:fold:l1', 'after:image:l29']);
  });

  test('records whose images merge will be stale', () => {
    const { items } = scene({ base: 'base', records: [record('one', 'base', 'sn1')] });
    const after = items.find((item) => item.kind === 'after' && item.facts.image.key === 'base');
    expect(after).toMatchObject({ facts: { flags: [{ name: 'one', stale: true }] } });
  });

  test('is not drawn where nothing merges', () => {
    expect(ids(scene({ base: 'sn2' }).items, 'caption')).toEqual([]);
  });

  test('picking a base moves nothing of what is now', () => {
    const before = new Map(scene().items.map(({ id, box }) => [id, box]));
    const picked = scene({ base: 'base' }).items.filter(({ id }) => before.has(id));
    expect(new Map(picked.map(({ id, box }) => [id, box]))).toEqual(before);
  });
});

describe('while an operation is under way', () => {
  const plan = planFlatten(REF, diskWith(chain), flattenTo('sn1'), { ...FACTS, room: null });
  const operation = operationOf(plan, { state: 'running', steps: [{ state: 'running' }], startedAt: 0 });

  test('data flows from the merging images only, and its figures stand at the active one', () => {
    const deepPlan = { ...plan, intent: flattenTo('base') };
    const { lines } = scene({ base: 'base', operation: { ...operation, plan: deepPlan } });
    expect(lines.filter(({ kind }) => kind === 'now').map(({ flow }) => flow)).toEqual([
      'into-active',
      'through',
      'none',
    ]);
  });

  test('what the job reads, writes and stands on is locked, what lies below is not', () => {
    const { items } = scene({ base: 'sn1', operation });
    const locked = items.flatMap((item) => (item.kind === 'image' && item.facts.lockedBy ? [item.id] : []));
    expect(locked).toEqual(['image:active', 'image:sn2', 'image:sn1']);
  });

  test('what will be counts from the sizes at the start, so that nothing copied counts twice', () => {
    const grown = { images: chain.images.map((image) => ({ ...image, allocated: 500 })) };
    const { items } = scene({ chain: grown, base: 'sn1', operation });
    const sizes = items.flatMap((item) => (item.kind === 'after' ? [item.facts.image.allocated] : []));
    expect(sizes).toEqual([10, 10, 10]);
  });

  test('nothing flows once it is over', () => {
    const over = { ...operation, state: 'succeeded' } as const;
    expect(scene({ base: 'sn1', operation: over }).lines.every(({ flow }) => flow === 'none')).toBe(true);
  });

  test('a job that somebody else started locks the whole chain', () => {
    const job = { kind: 'commit', bandwidth: 0, cur: 0, end: 0, ready: false } as const;
    const { items } = scene({ disk: diskWith(chain, { job }) });
    expect(items.every((item) => item.kind === 'image' && item.facts.lockedBy === 'commit')).toBe(true);
  });
});
