import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applied, type JournalEvent, type Operation } from '../../model/operation/operation.ts';
import { REF } from '../../model/testing.ts';
import { openStore, type Store } from './store.ts';
import { operationCalled, temporaryDirectory } from './testing.ts';

describe('journal', () => {
  let store: Store;
  let directory: ReturnType<typeof temporaryDirectory>;

  beforeEach(async () => {
    directory = temporaryDirectory();
    store = await openStore(`${directory.path}/backchain.db`);
  });

  afterEach(async () => {
    await store.close();
    directory[Symbol.dispose]();
  });

  const created = (operation: Operation): JournalEvent[] => [{ kind: 'created', operation }];

  it('numbers entries in one growing row over all operations', async () => {
    const [first] = await store.journal.append('a', created(operationCalled('a')), 10);
    const others = await store.journal.append(
      'b',
      [...created(operationCalled('b')), { kind: 'started' }],
      11,
    );
    const [last] = await store.journal.append('a', [{ kind: 'started' }], 12);
    expect([first, ...others, last].map((entry) => entry?.id)).toEqual([1, 2, 3, 4]);
    expect(await store.journal.newest()).toBe(4);
    expect(await store.journal.entries('a')).toEqual([first, last]);
  });

  it('keeps each operation as the fold of its entries', async () => {
    const events: JournalEvent[] = [
      ...created(operationCalled('a')),
      { kind: 'started' },
      { kind: 'step-intended', step: 0, command: ['virsh blockpull web-1 vda'], allocatedBefore: 4096 },
      { kind: 'step-running', step: 0, adopted: false },
      { kind: 'speed-set', bandwidth: 1_000_000, actor: 'admin' },
      { kind: 'step-done', step: 0, grownBy: 512 },
      { kind: 'ended', state: 'succeeded', problem: null },
    ];
    for (const [i, event] of events.entries()) {
      await store.journal.append('a', [event], 100 + i);
      const entries = await store.journal.entries('a');
      expect(await store.journal.operation('a')).toEqual(entries.reduce(applied, null));
    }
    expect(await store.journal.operation('a')).toMatchObject({
      state: 'succeeded',
      grownBy: 512,
      bandwidth: 1_000_000,
      startedAt: 101,
      endedAt: 106,
    });
  });

  it('lists unfinished operations oldest first, and filtered pages newest first', async () => {
    for (const [id, createdAt] of [
      ['a', 1],
      ['b', 2],
      ['c', 2],
      ['d', 3],
    ] as const) {
      await store.journal.append(id, created(operationCalled(id, { createdAt })), createdAt);
    }
    await store.journal.append('b', [{ kind: 'ended', state: 'failed', problem: null }], 9);
    const ids = (operations: readonly Operation[]) => operations.map(({ id }) => id);

    expect(ids(await store.journal.unfinished())).toEqual(['a', 'c', 'd']);
    expect(ids(await store.journal.list({ limit: 3 }))).toEqual(['d', 'c', 'b']);
    expect(ids(await store.journal.list({ limit: 9, before: { id: 'c', createdAt: 2 } }))).toEqual([
      'b',
      'a',
    ]);
    expect(ids(await store.journal.list({ limit: 9, state: 'failed' }))).toEqual(['b']);
    expect(ids(await store.journal.list({ limit: 9, over: true }))).toEqual(['b']);
    expect(ids(await store.journal.list({ limit: 9, over: false }))).toEqual(['d', 'c', 'a']);
    expect(ids(await store.journal.list({ limit: 9, hostId: 'nowhere' }))).toEqual([]);
    const { hostId, uuid } = REF;
    expect(await store.journal.list({ limit: 9, hostId, uuid })).toHaveLength(4);
  });

  it('filters operations by guest, host and actor', async () => {
    expect(await store.journal.facets()).toEqual({ guests: [], hostIds: [], actors: [] });
    const ada = operationCalled('a', { actor: 'ada' });
    await store.journal.append('a', created(ada), 1);
    await store.journal.append('b', created(operationCalled('b', { actor: 'bob' })), 1);
    const elsewhere = {
      ...ada.plan,
      hostId: 'beta',
      guest: { hostId: 'beta', uuid: 'other' },
      guestName: 'mail',
    };
    await store.journal.append('c', created(operationCalled('c', { actor: 'bob', plan: elsewhere })), 1);
    expect(await store.journal.facets()).toEqual({
      guests: [
        { uuid: 'other', name: 'mail' },
        { uuid: REF.uuid, name: ada.plan.guestName },
      ],
      hostIds: [REF.hostId, 'beta'],
      actors: ['ada', 'bob'],
    });
    expect((await store.journal.list({ limit: 9, actor: 'ada' })).map(({ id }) => id)).toEqual(['a']);
    expect(await store.journal.list({ limit: 9, actor: 'eve' })).toEqual([]);
  });

  it('stores operations on a host without a guest', async () => {
    const { plan } = operationCalled('a');
    const own = operationCalled('a', { plan: { ...plan, guest: null, guestName: null, disks: [] } });
    await store.journal.append('a', created(own), 1);
    expect(await store.journal.operation('a')).toEqual(own);
    expect(await store.journal.facets()).toMatchObject({ guests: [], hostIds: [REF.hostId] });
    expect(await store.journal.list({ limit: 9, hostId: REF.hostId })).toEqual([own]);
  });

  it('reads what the first releases wrote, whose plans named a host only by their guest', async () => {
    const operation = operationCalled('a');
    const { hostId: _, ...plan } = operation.plan;
    await store.journal.append('a', created(operation), 1);
    await store.journal.append('a', [{ kind: 'started' }], 2);
    await store.db
      .updateTable('operation')
      .set({ body: JSON.stringify({ ...operation, plan }) })
      .execute();
    expect(await store.journal.operation('a')).toEqual(operation);
    expect(await store.journal.unfinished()).toEqual([operation]);
    await store.db
      .insertInto('journal')
      .values({
        operation_id: 'a',
        at: 3,
        event: JSON.stringify({ kind: 'created', operation: { ...operation, plan } }),
      })
      .execute();
    expect((await store.journal.entries('a')).at(-1)?.event).toEqual({ kind: 'created', operation });
  });

  it('refuses an entry of an unknown operation, a second creation and a creation under another id', async () => {
    await expect(store.journal.append('a', [{ kind: 'started' }], 1)).rejects.toThrow();
    await store.journal.append('a', created(operationCalled('a')), 1);
    await expect(store.journal.append('a', created(operationCalled('a')), 2)).rejects.toThrow(/UNIQUE/);
    await expect(store.journal.append('b', created(operationCalled('a')), 2)).rejects.toThrow(/can't begin/);
    expect(await store.journal.newest()).toBe(1);
  });

  it('writes all entries or none', async () => {
    const both = [...created(operationCalled('a')), ...created(operationCalled('a'))];
    await expect(store.journal.append('a', both, 1)).rejects.toThrow(/UNIQUE/);
    expect(await store.journal.newest()).toBe(0);
    expect(await store.journal.operation('a')).toBeNull();
  });

  it('regression: the last change is reported, however many entries follow', async () => {
    for (const id of ['a', 'b', 'c']) await store.journal.append(id, created(operationCalled(id)), 1);
    const speeds = Array.from(
      { length: 10_001 },
      (_, i): JournalEvent => ({ kind: 'speed-set', bandwidth: i, actor: 'admin' }),
    );
    await store.journal.append('a', speeds, 2);
    await store.journal.append('b', [{ kind: 'started' }], 3);
    const found = await store.journal.changedSince(3);
    expect(found.map(({ newest, operation }) => [newest, operation.id])).toEqual([
      [10_004, 'a'],
      [10_005, 'b'],
    ]);
    expect(found.map(({ operation }) => [operation.bandwidth, operation.state])).toEqual([
      [10_000, 'queued'],
      [0, 'running'],
    ]);
    expect(await store.journal.changedSince(10_005)).toEqual([]);
  });

  it('finds the operations of a guest whose plans name snapshots that they keep', async () => {
    const { plan, ...rest } = operationCalled('a');
    await store.journal.append('a', created({ ...rest, plan: { ...plan, kept: ['s1'] } }), 1);
    await store.journal.append('b', created(operationCalled('b')), 2);
    const found = await store.journal.keeping(REF);
    expect(found.map(({ id }) => id)).toEqual(['a']);
    expect(await store.journal.keeping({ ...REF, hostId: 'elsewhere' })).toEqual([]);
  });

  it('lets nobody change or remove an entry', async () => {
    await store.journal.append('a', created(operationCalled('a')), 1);
    await expect(store.db.updateTable('journal').set({ at: 2 }).execute()).rejects.toThrow(/append-only/);
    await expect(store.db.deleteFrom('journal').execute()).rejects.toThrow(/append-only/);
  });

  it('accepts appends that overlap', async () => {
    await store.journal.append('a', created(operationCalled('a')), 1);
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        store.journal.append('a', [{ kind: 'speed-set', bandwidth: i, actor: 'admin' }], i),
      ),
    );
    const entries = await store.journal.entries('a');
    expect(entries).toHaveLength(21);
    expect(await store.journal.operation('a')).toEqual(entries.reduce(applied, null));
  });
});
