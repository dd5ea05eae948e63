import { InfiniteQueryObserver, QueryObserver } from '@tanstack/react-query';
import { createTRPCClient, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { expect, test } from 'vitest';
import type { Guest } from '../../model/fleet/guest.ts';
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
  disks: [],
  ioError: null,
  records: [],
});
const fleet = (revision: string, ...guests: Guest[]): FleetList => ({ revision, hosts: [], guests });

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

test('what the stream says while the fleet is read anew is not undone by the older answer', async () => {
  const { cache, api, asked, paused } = browser(fleet('old', guest('a')));
  feed(cache, api, { kind: 'hello', revision: 'new' });
  await expect.poll(() => asked.map(({ path }) => path)).toEqual(['guests.list']);
  feed(cache, api, { kind: 'guest', guest: guest('b') });
  feed(cache, api, { kind: 'guest', guest: guest('a', 'paused') });
  asked[0]?.answer(fleet('new', guest('a')));
  await expect.poll(paused).toEqual(fleet('new', guest('a', 'paused'), guest('b')));
});

test('a fleet of the same revision is not read anew', async () => {
  const { cache, api, asked, paused } = browser(fleet('same', guest('a')));
  feed(cache, api, { kind: 'hello', revision: 'same' });
  feed(cache, api, { kind: 'guest-gone', guest: { hostId: 'alpha', uuid: 'a' } });
  await expect.poll(paused).toEqual(fleet('same'));
  expect(asked).toEqual([]);
});

test('regression: the history did not hear of what happened to its operations until it was loaded anew', async () => {
  const { cache, api, asked } = browser(fleet('same'));
  const running = operationOf(planFlatten(REF, diskWith(chainOf('/a', '/b')), flattenTo(null), FACTS));
  const history = new InfiniteQueryObserver(cache, {
    ...api.operations.list.infiniteQueryOptions(
      { limit: 9 },
      { initialCursor: null, getNextPageParam: () => null },
    ),
    initialData: { pages: [[running]], pageParams: [null] },
  });
  history.subscribe(() => {});
  feed(cache, api, { kind: 'operation', operation: { ...running, state: 'succeeded', endedAt: 1 } });
  await expect.poll(() => asked.map(({ path }) => path)).toEqual(['operations.list']);
});
