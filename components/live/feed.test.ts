import { InfiniteQueryObserver, QueryObserver } from '@tanstack/react-query';
import { createTRPCClient, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { expect, test } from 'vitest';
import { NO_CHECKPOINTS } from '../../model/fleet/checkpoint.ts';
import type { Guest } from '../../model/fleet/guest.ts';
import type { JournalEntry } from '../../model/operation/operation.ts';
import type { StreamEvent } from '../../model/operation/stream-event.ts';
import { planFlatten } from '../../model/plans/flatten.ts';
import { chainOf, diskWith, FACTS, flattenTo, operationOf, REF } from '../../model/testing.ts';
import type { AppRouter } from '../../server/api/router.ts';
import { createCache } from './client.ts';
import { feed } from './feed.ts';
import type { FleetList } from './fleet-list.ts';

const guest = (uuid: string, state: Guest['state'] = 'running'): Guest => ({
  hostId: 'alpha',
  uuid,
  name: uuid,
  state,
  machine: null,
  confinedBy: [],
  disks: [],
  unread: null,
  ioError: null,
  reverts: null,
  records: [],
  checkpoints: NO_CHECKPOINTS,
});
const fleet = (revision: string, ...guests: Guest[]): FleetList => ({ revision, hosts: [], guests });

const running = operationOf(planFlatten(REF, diskWith(chainOf('/a', '/b')), flattenTo(null), FACTS));

/** A browser's cache whose questions are answered when the test says so. */
function browser(initial: FleetList) {
  const asked: { path: string; answer: (data: unknown) => void }[] = [];
  const link: TRPCLink<AppRouter> = () => (request) =>
    observable((observer) => {
      const answer = (data: unknown) => {
        observer.next({ result: { type: 'data', data } });
        observer.complete();
      };
      asked.push({ path: request.op.path, answer });
    });
  const cache = createCache(() => {});
  const api = createTRPCOptionsProxy<AppRouter>({
    client: createTRPCClient<AppRouter>({ links: [link] }),
    queryClient: cache,
  });
  cache.setQueryData(api.guests.list.queryKey(), initial);
  new QueryObserver(cache, api.guests.list.queryOptions()).subscribe(() => {});
  return { cache, api, asked, paused: () => cache.getQueryData(api.guests.list.queryKey()) };
}

test('what the stream says while the fleet is read again is not undone by the older answer', async () => {
  const { cache, api, asked, paused } = browser(fleet('old', guest('a')));
  feed(cache, api, { kind: 'hello', revision: 'new' });
  await expect.poll(() => asked.map(({ path }) => path)).toEqual(['guests.list']);
  feed(cache, api, { kind: 'guest', guest: guest('b') });
  feed(cache, api, { kind: 'guest', guest: guest('a', 'paused') });
  asked[0]?.answer(fleet('new', guest('a')));
  await expect.poll(paused).toEqual(fleet('new', guest('a', 'paused'), guest('b')));
});

test('a fleet of the same revision is not read again', async () => {
  const { cache, api, asked, paused } = browser(fleet('same', guest('a')));
  feed(cache, api, { kind: 'hello', revision: 'same' });
  feed(cache, api, { kind: 'guest-gone', guest: { hostId: 'alpha', uuid: 'a' } });
  await expect.poll(paused).toEqual(fleet('same'));
  expect(asked).toEqual([]);
});

test('regression: the history did not hear of what happened to its operations until it was loaded again', async () => {
  const { cache, api, asked } = browser(fleet('same'));
  const history = new InfiniteQueryObserver(cache, {
    ...api.operations.list.infiniteQueryOptions(
      { limit: 9 },
      { initialCursor: null, getNextPageParam: () => null },
    ),
    initialData: { pages: [[running]], pageParams: [null] },
  });
  history.subscribe(() => {});
  const operation = { ...running, state: 'succeeded', endedAt: 1 } as const;
  feed(cache, api, { kind: 'operation', operation, newest: 9, added: null });
  await expect.poll(() => asked.map(({ path }) => path)).toEqual(['operations.list']);
});

const entry = (id: number): JournalEntry => ({
  id,
  operationId: running.id,
  at: id,
  event: { kind: 'started' },
});
const detailOf = (...ids: readonly number[]) => ({ operation: running, entries: ids.map(entry) });
const added = (id: number, previous: number): StreamEvent => ({
  kind: 'operation',
  operation: running,
  newest: id,
  added: { entry: entry(id), previous },
});

/** A browser that shows an operation with a journal of these entries. */
function operationPage(...ids: readonly number[]) {
  const { cache, api, asked } = browser(fleet('same'));
  const query = api.operations.get.queryOptions({ id: running.id }, { initialData: detailOf(...ids) });
  new QueryObserver(cache, { ...query, staleTime: Number.POSITIVE_INFINITY }).subscribe(() => {});
  const shown = () => cache.getQueryData(query.queryKey)?.entries.map(({ id }) => id);
  const reads = () => asked.filter(({ path }) => path === 'operations.get').length;
  return { cache, api, shown, reads, asked };
}

test('entries of the journal are appended as they come, and nothing is read again', async () => {
  const { cache, api, shown, reads } = operationPage(1, 2);
  feed(cache, api, added(4, 2));
  feed(cache, api, added(7, 4));
  await expect.poll(shown).toEqual([1, 2, 4, 7]);
  expect(reads()).toBe(0);
});

test('entries that come again after a reconnect are shown once', async () => {
  const { cache, api, shown, reads } = operationPage(1, 2);
  feed(cache, api, added(4, 2));
  feed(cache, api, { kind: 'hello', revision: 'same' });
  feed(cache, api, { kind: 'operation', operation: running, newest: 4, added: null });
  feed(cache, api, added(2, 1));
  feed(cache, api, added(4, 2));
  feed(cache, api, added(5, 4));
  await expect.poll(shown).toEqual([1, 2, 4, 5]);
  expect(reads()).toBe(0);
});

test('where an entry is missing, the journal is read again', async () => {
  const { cache, api, shown, reads, asked } = operationPage(1, 2);
  feed(cache, api, added(9, 6));
  await expect.poll(reads).toBe(1);
  expect(shown()).toEqual([1, 2]);
  asked.at(-1)?.answer(detailOf(1, 2, 6, 9));
  await expect.poll(shown).toEqual([1, 2, 6, 9]);
});

test('an entry that comes while the journal is read is not lost to an older answer', async () => {
  const { cache, api, shown, reads, asked } = operationPage(1, 2);
  feed(cache, api, { kind: 'operation', operation: running, newest: 4, added: null });
  await expect.poll(reads).toBe(1);
  feed(cache, api, added(5, 4));
  await expect.poll(reads).toBe(2);
  asked[0]?.answer(detailOf(1, 2, 4));
  asked[1]?.answer(detailOf(1, 2, 4, 5));
  await expect.poll(shown).toEqual([1, 2, 4, 5]);
});
