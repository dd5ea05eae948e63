import { describe, expect, test } from 'vitest';
import type { Guest } from '../fleet/guest.ts';
import type { RevertBasis } from '../fleet/revert-basis.ts';
import type { RecordedDisk, SnapshotRecord } from '../fleet/snapshot-record.ts';
import { chainOf, diskWith, FACTS, guestWith, imageAt, REF } from '../testing.ts';
import { forgettable, planForget } from './forget.ts';

const record = (name: string, disk: Partial<RecordedDisk>): SnapshotRecord => ({
  name,
  description: null,
  createdAt: 1,
  parent: null,
  disks: [{ target: 'vda', kind: 'external', frozen: '/base', overlay: '/active', ...disk }],
});
const records = [
  record('stale', { frozen: '/gone' }),
  record('used', {}),
  record('inside', { kind: 'internal', frozen: '/active', overlay: null }),
];
const guest = guestWith(diskWith(chainOf('/active', '/base')), { records });
const plan = (...names: string[]) => planForget(guest, { kind: 'forget', names }, FACTS);

test('P3: records are forgotten, and nothing else is touched', () => {
  const made = plan('stale', 'stale');
  expect(made).toMatchObject({ guest: REF, disks: [], wholeGuest: false, refusals: [], warnings: [] });
  expect(made.steps).toEqual([{ kind: 'forget', hostId: 'alpha', names: ['stale'] }]);
});

test('a record that is still in use is warned of', () => {
  expect(plan('stale', 'used', 'inside').warnings).toEqual([
    { code: 'RECORD_IN_USE', params: { name: 'used' } },
    { code: 'RECORD_INTERNAL', params: { name: 'inside' } },
  ]);
});

test('a record that is not there is refused by name', () => {
  expect(plan('stale', 'other').refusals).toEqual([{ code: 'RECORD_UNKNOWN', params: { name: 'other' } }]);
});

describe('where libvirt can revert to external snapshots', () => {
  const named = (name: string, parent: string | null, frozen = '/base') => ({
    ...record(name, { frozen }),
    parent,
  });
  /** a <- b <- c, the current one; a <- d <- e, and d <- f, a branch. */
  const tree = [
    named('a', null),
    named('b', 'a'),
    named('c', 'b'),
    named('d', 'a'),
    named('e', 'd'),
    named('f', 'd'),
  ];
  const reverts: RevertBasis = { current: 'c', aside: [], writtenAt: {} };
  const on = (changes: Partial<Guest> = {}) =>
    guestWith(diskWith(chainOf('/active', '/base')), { records: tree, reverts, ...changes });
  const planOf = (names: readonly string[], changes: Partial<Guest> = {}) =>
    planForget(on(changes), { kind: 'forget', names }, FACTS);
  const refused = (names: readonly string[], changes: Partial<Guest> = {}) =>
    planOf(names, changes).refusals.map(({ code, params }) => `${code} ${params.name}`);
  const gone = { ...imageAt('/gone', { missing: true }), backing: null, problem: null };

  test('all together may go: branches from their ends, then the line so that the current one is the last', () => {
    const all = planOf(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(all.refusals).toEqual([]);
    expect(all.steps).toMatchObject([{ names: ['e', 'f', 'd', 'a', 'b', 'c'] }]);
    expect(all.warnings.map(({ code }) => code)).toEqual(
      Array.from({ length: 6 }, () => 'RECORD_REVERTIBLE'),
    );
  });

  test('a whole branch may go, or a whole part of one', () => {
    expect(refused(['d', 'e', 'f'])).toEqual([]);
    expect(planOf(['d', 'e', 'f']).steps).toMatchObject([{ names: ['e', 'f', 'd'] }]);
    expect(refused(['f'])).toEqual([]);
  });

  test('nothing may go that another one is based on', () => {
    expect(planOf(['d', 'e']).refusals).toEqual([
      { code: 'FORGET_BELOW', params: { name: 'd', names: 'f' } },
    ]);
  });

  test('neither the current one nor one that it is based on may go while others stay', () => {
    expect(refused(['c'])).toEqual(['FORGET_CURRENT c']);
    expect(refused(['a', 'b', 'c'])).toEqual(['FORGET_CURRENT a', 'FORGET_CURRENT b', 'FORGET_CURRENT c']);
  });

  test('with a current record that is not in the list, only all may go', () => {
    const odd = { reverts: { ...reverts, current: 'z' } };
    expect(refused(['f'], odd)).toEqual(['FORGET_CURRENT f']);
    expect(refused(['a', 'b', 'c', 'd', 'e', 'f'], odd)).toEqual([]);
  });

  test('a useless one beside the line may go, whatever is based on it', () => {
    const broken = tree.map((one) => (one.name === 'd' ? named('d', 'a', '/gone') : one));
    const changes = { records: broken, reverts: { ...reverts, aside: [gone] } };
    expect(refused(['d'], changes)).toEqual([]);
    expect(planOf(['d'], changes).warnings).toEqual([]);
    expect(forgettable(on(changes))).toEqual(['d']);
  });

  test('only what is useless and may go is proposed', () => {
    expect(forgettable(on())).toEqual([]);
    const lost = (...names: readonly string[]) => ({
      records: tree.map((one) => (names.includes(one.name) ? named(one.name, one.parent, '/gone') : one)),
      reverts: { ...reverts, aside: [gone] },
    });
    expect(forgettable(on(lost('b', 'c', 'e')))).toEqual(['e']);
    expect(forgettable(on(lost('a', 'b', 'c', 'd', 'e', 'f')))).toEqual(['e', 'f', 'd', 'a', 'b', 'c']);
    expect(forgettable(on({ ...lost('e'), reverts: { ...reverts, aside: [gone], current: 'z' } }))).toEqual(
      [],
    );
  });

  test('the plan is no longer valid once another record is current', () => {
    const { fingerprint } = planOf(['f']);
    expect(planOf(['f'], { reverts: { ...reverts, current: 'b' } }).fingerprint).not.toBe(fingerprint);
    expect(planOf(['f']).fingerprint).toBe(fingerprint);
  });
});
