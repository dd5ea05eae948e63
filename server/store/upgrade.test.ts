import { expect, test } from 'vitest';
import { applied, type JournalEntry, type Operation } from '../../model/operation/operation.ts';
import { openRelease, operationsOf, RELEASES } from '../../test/support/releases.ts';

const fold = (entries: readonly JournalEntry[]) =>
  entries.reduce<Operation | null>((before, entry) => applied(before, entry), null);

test('the first release has left its database', () => {
  expect(RELEASES).toContain('0.1.0');
});

test.each(RELEASES)('a database of %s opens, and its journal amounts to its operations', async (version) => {
  await using store = await openRelease(version);
  const operations = await operationsOf(store);
  expect(operations.length).toBeGreaterThan(30);
  for (const { operation, entries } of operations) expect(fold(entries)).toEqual(operation);
});

test.each(RELEASES)(
  'what ran when %s ended is found, and the rest is filtered as before',
  async (version) => {
    await using store = await openRelease(version);
    const all = await store.journal.list({ limit: 10_000 });
    const unfinished = await store.journal.unfinished();
    expect(new Set(unfinished.map(({ state }) => state))).toEqual(
      new Set(['queued', 'running', 'cancelling']),
    );
    for (const operation of all) expect(await store.journal.operation(operation.id)).toEqual(operation);
    const [first] = unfinished;
    if (first?.plan.guest == null) throw new Error('Nothing is unfinished');
    const { uuid } = first.plan.guest;
    expect(await store.journal.list({ uuid, limit: 10_000 })).toContainEqual(first);
    const { guests, actors } = await store.journal.facets();
    expect(guests.map((guest) => guest.uuid)).toContain(uuid);
    expect(actors).toContain(first.actor);
  },
);

test.each(RELEASES)('hosts, kept images and people of %s are there', async (version) => {
  await using store = await openRelease(version);
  expect((await store.hosts.all()).map(({ uri }) => uri)).toEqual(['qemu+ssh://beta/system']);
  expect((await store.kept.all()).map(({ path }) => path)).toEqual(['/vm/template.qcow2']);
  expect(await store.db.selectFrom('user').select('username').execute()).toHaveLength(1);
});

test.each(RELEASES)('an operation of %s continues in the present version', async (version) => {
  await using store = await openRelease(version);
  const [before] = await store.journal.unfinished();
  if (before === undefined) throw new Error('Nothing is unfinished');
  await store.journal.append(
    before.id,
    [{ kind: 'ended', state: 'cancelled', problem: null }],
    before.createdAt + 1,
  );
  const after = await store.journal.operation(before.id);
  expect(after).toMatchObject({ state: 'cancelled', plan: before.plan });
});
