import { describe, expect, test } from 'vitest';
import { operationOf } from '../../../model/testing.ts';
import {
  chainOf,
  commitPlan,
  copyPlan,
  deepChain,
  diskWith,
  planOf,
  pullPlan,
  record,
  snapshotPlan,
  user,
  usersOf,
} from '../testing.ts';
import { AFTER_Y } from './after.ts';
import type { Item } from './item.ts';
import type { Scene } from './scene.ts';
import { chain, ids, scene, toward } from './testing.ts';

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
    const plans = [
      null,
      pullPlan(chain, null),
      pullPlan(chain, 'sn1'),
      commitPlan(chain, 'active', 'base'),
      snapshotPlan(chain, 'fresh'),
      copyPlan(chain, 'moved'),
    ];
    for (const plan of plans) {
      const operation = plan && operationOf(plan, { state: 'running', steps: [{ state: 'running' }] });
      const { items, lines } = scene({ users, plan, operation });
      const drawn = new Set(items.map(({ id }) => id));
      expect(drawn.size).toBe(items.length);
      expect(lines.filter(({ from, to }) => !drawn.has(from) || !drawn.has(to))).toEqual([]);
    }
  });

  test('records hang on the image that they froze; all that are not good are listed, with an image or without', () => {
    const records = [
      record('one', 'sn1', 'sn2'),
      record('old', 'gone', 'gone too'),
      record('half', 'base', 'gone'),
    ];
    const { items, odd } = scene({ records });
    const flags = items.flatMap((item) => (item.kind === 'image' ? item.facts.flags : []));
    expect(flags).toEqual([
      { name: 'one', state: 'good' },
      { name: 'half', state: 'stale' },
    ]);
    expect(odd).toEqual([
      { name: 'old', state: 'stale' },
      { name: 'half', state: 'stale' },
    ]);
  });

  test('folds open by the keys of their images', () => {
    const deep = deepChain(64);
    expect(scene({ chain: deep })).toMatchObject({ order: ['image:l0', 'fold:l1', 'image:l63'], hidden: 62 });
    const opened = new Set(deep.images.map(({ key }) => key));
    expect(scene({ chain: deep, opened }).hidden).toBe(0);
  });
});

describe('what will be', () => {
  test('survivors keep their column, one arrow joins them, the merged are below it', () => {
    const { items, lines } = scene(toward('base'));
    const box = (id: string) => items.find((item) => item.id === id)?.box;
    expect(ids(items, 'after')).toEqual(['after:image:active', 'after:image:base']);
    expect(ids(items, 'leftover')).toEqual(['after:image:sn2', 'after:image:sn1']);
    expect(box('after:image:active')).toMatchObject({ x: box('image:active')?.x, y: AFTER_Y });
    expect(lines.filter(({ kind }) => kind === 'after')).toMatchObject([
      { from: 'after:image:active', to: 'after:image:base' },
    ]);
  });

  test('without a base only the active image is left', () => {
    const { items, lines } = scene(toward(null));
    expect(ids(items, 'after')).toEqual(['after:image:active']);
    expect(items.find(({ kind }) => kind === 'caption')).toMatchObject({ depth: 1 });
    expect(lines.some(({ kind }) => kind === 'after')).toBe(false);
  });

  test('folds below the base stay folds, those above are left over', () => {
    const { items } = scene(toward('l30', deepChain(64)));
    expect(ids(items, 'fold')).toEqual(['fold:l1', 'fold:l32', 'after:fold:l32']);
    expect(ids(items, 'leftover')).toEqual(['after:fold:l1', 'after:image:l29']);
  });

  test('records whose images merge will be stale', () => {
    const { items } = scene({ ...toward('base'), records: [record('one', 'base', 'sn1')] });
    const after = items.find((item) => item.kind === 'after' && item.facts.image.key === 'base');
    expect(after).toMatchObject({ facts: { flags: [{ name: 'one', state: 'stale' }] } });
  });

  test('images that leave the chain are needed by the snapshots that libvirt can still revert to', () => {
    const reverts = { current: 'two', aside: [], writtenAt: {} };
    const two = { ...record('two', 'sn2', 'active'), parent: 'one' };
    const records = [record('one', 'base', 'sn1'), two];
    const { items } = scene({ ...toward('base'), records, reverts });
    const left = items.flatMap((item) => (item.kind === 'leftover' ? item.fold.members : []));
    expect(left.map(({ image: { key }, needed }) => [key, needed])).toEqual([
      ['sn2', true],
      ['sn1', true],
    ]);
    expect(left[0]?.flags).toEqual([{ name: 'two', state: 'detached' }]);
  });

  test('is not drawn where nothing merges', () => {
    expect(ids(scene(toward('sn2')).items, 'caption')).toEqual([]);
  });

  test('picking a base moves nothing of what is now', () => {
    const before = new Map(scene().items.map(({ id, box }) => [id, box]));
    const picked = scene(toward('base')).items.filter(({ id }) => before.has(id));
    expect(new Map(picked.map(({ id, box }) => [id, box]))).toEqual(before);
  });
});

describe('what will be of other plans', () => {
  const at = (items: readonly Item[], id: string) => items.find((item) => item.id === id);

  test('of a merge down, the lowest of the run survives and grows, in its own column', () => {
    const { items, lines } = scene({ plan: commitPlan(chain, 'active', 'sn1') });
    expect(ids(items, 'after')).toEqual(['after:image:sn1', 'after:image:base']);
    expect(ids(items, 'leftover')).toEqual(['after:image:active', 'after:image:sn2']);
    expect(at(items, 'after:image:sn1')).toMatchObject({ facts: { outcome: 'receives', place: 'active' } });
    expect(at(items, 'after:image:sn1')?.box.x).toBe(at(items, 'image:sn1')?.box.x);
    expect(lines.filter(({ kind }) => kind === 'after')).toMatchObject([
      { from: 'after:image:sn1', to: 'after:image:base' },
    ]);
  });

  test('of a snapshot, a new active image is beside the others, and the record is at the frozen one', () => {
    const { items, lines, reach } = scene({ plan: snapshotPlan(chain, 'fresh') });
    expect(ids(items, 'after')[0]).toBe('after:image:fresh');
    const [fresh, frozen] = [at(items, 'after:image:fresh'), at(items, 'after:image:active')];
    expect(fresh).toMatchObject({ facts: { outcome: 'new', place: 'active' } });
    expect(frozen).toMatchObject({ facts: { place: 'between', flags: [{ name: 's1', state: 'good' }] } });
    expect(fresh?.box.x).toBeGreaterThan((frozen?.box.x ?? 0) + (frozen?.box.width ?? 0));
    expect(reach.x + reach.width).toBe((fresh?.box.x ?? 0) + (fresh?.box.width ?? 0));
    expect(lines).toContainEqual(
      expect.objectContaining({ from: 'after:image:fresh', to: 'after:image:active' }),
    );
    expect(items.find(({ kind }) => kind === 'caption')).toMatchObject({ depth: 5 });
  });

  test('of an undo, the active image makes room for the images that come back below it', () => {
    const now = chainOf('active', 'base');
    const plan = planOf(now, { after: ['active', 'sn2', 'sn1', 'base'], steps: [] });
    const { items, lines } = scene({ chain: now, disk: diskWith(now), users: usersOf(now, {}), plan });
    const row = ['after:image:active', 'after:image:sn2', 'after:image:sn1', 'after:image:base'];
    expect(ids(items, 'after')).toEqual(row);
    expect(at(items, 'after:image:sn1')?.box.x).toBe(at(items, 'image:active')?.box.x);
    expect(at(items, 'after:image:base')?.box.x).toBe(at(items, 'image:base')?.box.x);
    const places = row.map((id) => at(items, id)?.box.x ?? 0);
    expect(places).toEqual(places.toSorted((a, b) => b - a));
    expect(new Set(places).size).toBe(4);
    expect(lines.filter(({ kind }) => kind === 'after').map(({ from, to }) => [from, to])).toEqual([
      [row[0], row[1]],
      [row[1], row[2]],
      [row[2], row[3]],
    ]);
    expect(at(items, 'after:image:sn2')).toMatchObject({ facts: { outcome: 'returns', place: 'between' } });
  });

  test('many images that come back are one fold', () => {
    const now = chainOf('l0', 'l63');
    const plan = planOf(now, { after: deepChain(64).images.map(({ key }) => key), steps: [] });
    const { items } = scene({ chain: now, disk: diskWith(now), users: usersOf(now, {}), plan });
    expect(ids(items, 'after')).toEqual(['after:image:l0', 'after:image:l63']);
    const fold = at(items, 'after:fold:l1');
    expect(fold).toMatchObject({
      kind: 'fold',
      fold: { outcome: 'returns' },
      box: { x: at(items, 'image:l0')?.box.x },
    });
    expect(fold?.kind === 'fold' && fold.fold.members).toHaveLength(62);
  });

  test('of a copy, only the new image is left and all others are leftovers', () => {
    const { items, lines } = scene({ plan: copyPlan(chain, 'moved') });
    expect(ids(items, 'after')).toEqual(['after:image:moved']);
    expect(ids(items, 'leftover')).toHaveLength(4);
    expect(lines.some(({ kind }) => kind === 'after' || kind === 'copy')).toBe(false);
  });

  test('records that the plan forgets hang on nothing any more', () => {
    const forget = { kind: 'forget', hostId: 'alpha', names: ['one'] } as const;
    const pull = pullPlan(chain, 'base');
    const plan = { ...pull, steps: [...pull.steps, forget] };
    const { items } = scene({ plan, records: [record('one', 'base', 'sn1')] });
    expect(at(items, 'after:image:base')).toMatchObject({ facts: { flags: [] } });
  });

  test('a long run that merges down folds into one that is left over', () => {
    const deep = deepChain(64);
    const { items } = scene({ chain: deep, plan: commitPlan(deep, 'l10', 'l20') });
    expect(ids(items, 'leftover')).toEqual(['after:image:l10', 'after:fold:l11']);
    expect(ids(items, 'fold')).toEqual([
      'fold:l1',
      'fold:l11',
      'fold:l21',
      'after:fold:l1',
      'after:fold:l21',
    ]);
  });
});

describe('while an operation is under way', () => {
  const plan = pullPlan(chain, 'sn1');
  const operation = operationOf(plan, { state: 'running', steps: [{ state: 'running' }], startedAt: 0 });
  const running = (of: typeof plan) => ({ plan: of, operation: { ...operation, plan: of } });
  const flows = ({ lines }: Scene) =>
    lines.filter(({ kind }) => kind === 'now').map(({ flow, said }) => (said ? `${flow}, said` : flow));

  test('data flows from the merging images only, and its figures are at the active one', () => {
    expect(flows(scene(running(pullPlan(chain, 'base'))))).toEqual(['against, said', 'against', 'none']);
  });

  test('of a commit it flows down into the lowest, where the figures are', () => {
    expect(flows(scene(running(commitPlan(chain, 'sn2', 'base'))))).toEqual(['none', 'with', 'with, said']);
    const { items } = scene(running(commitPlan(chain, 'sn2', 'base')));
    const locked = items.flatMap((item) => (item.kind === 'image' && item.facts.lockedBy ? [item.id] : []));
    expect(locked).toEqual(['image:sn2', 'image:sn1', 'image:base']);
  });

  test('of a copy it flows out into the new image', () => {
    const { lines } = scene(running(copyPlan(chain, 'moved')));
    expect(flows(scene(running(copyPlan(chain, 'moved'))))).toEqual(['none', 'none', 'none']);
    expect(lines.find(({ kind }) => kind === 'copy')).toMatchObject({
      from: 'image:active',
      to: 'after:image:moved',
      said: true,
    });
  });

  test('a step that is done is drawn no more, the one at hand is', () => {
    const grown = chainOf('fresh', 'active', 'base');
    const pull = pullPlan(grown, 'base');
    const freeze = snapshotPlan(chainOf('active', 'base'), 'fresh').steps;
    const both = planOf(chainOf('active', 'base'), {
      after: ['fresh', 'base'],
      merged: ['active'],
      steps: [...freeze, ...pull.steps],
    });
    const half = operationOf(both, { state: 'running', steps: [{ state: 'done' }, { state: 'running' }] });
    const drawn = scene({ chain: grown, plan: both, operation: half });
    expect(flows(drawn)).toEqual(['against, said', 'none']);
    expect(ids(drawn.items, 'after')).toEqual(['after:image:fresh', 'after:image:base']);
    expect(ids(drawn.items, 'leftover')).toEqual(['after:image:active']);
  });

  test('what the job reads, writes and depends on is locked, what is below is not', () => {
    const { items } = scene({ plan, operation });
    const locked = items.flatMap((item) => (item.kind === 'image' && item.facts.lockedBy ? [item.id] : []));
    expect(locked).toEqual(['image:active', 'image:sn2', 'image:sn1']);
  });

  test('what will be counts from the sizes at the start, so that nothing copied counts twice', () => {
    const grown = { images: chain.images.map((image) => ({ ...image, allocated: 500 })) };
    const { items } = scene({ chain: grown, plan, operation });
    const sizes = items.flatMap((item) => (item.kind === 'after' ? [item.facts.image.allocated] : []));
    expect(sizes).toEqual([10, 10, 10]);
  });

  test('nothing flows once it is over', () => {
    const over = { ...operation, state: 'succeeded' } as const;
    expect(scene({ plan, operation: over }).lines.every(({ flow }) => flow === 'none')).toBe(true);
  });

  test('a job that somebody else started locks the whole chain', () => {
    const job = { kind: 'commit', bandwidth: 0, cur: 0, end: 0, ready: false } as const;
    const { items } = scene({ disk: diskWith(chain, { job }) });
    expect(items.every((item) => item.kind === 'image' && item.facts.lockedBy === 'commit')).toBe(true);
  });
});
