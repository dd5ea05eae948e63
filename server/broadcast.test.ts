import { expect, onTestFinished, test, vi } from 'vitest';
import type { StreamEvent } from '../model/operation/stream-event.ts';
import { problem } from '../model/problem.ts';
import { Broadcast, type BroadcastParts } from './broadcast.ts';

const host = (name: string): StreamEvent => ({
  kind: 'host',
  host: {
    id: name,
    uri: 'test:///default',
    name,
    state: 'lost',
    problem: problem('HOST_LOST', { reason: 'x' }),
    local: true,
    libvirtVersion: null,
    qemuVersion: null,
  },
});

function broadcast(parts: Partial<BroadcastParts> = {}) {
  const made = new Broadcast({
    revision: () => 'r1',
    newest: async () => 7,
    operationsSince: async () => [],
    progress: () => [],
    watch: () => () => {},
    ...parts,
  });
  const join = (since: number | null, view: { hostId: string; uuid: string } | null = null) => {
    const ended = new AbortController();
    onTestFinished(() => ended.abort());
    return {
      stream: made.stream({ since, views: view === null ? [] : [view], signal: ended.signal }),
      ended,
    };
  };
  return { made, join };
}

const ids = (...items: readonly IteratorResult<{ id: number; event: StreamEvent }, void>[]) =>
  items.map(
    ({ value }) =>
      value && [value.id, value.event.kind === 'host' ? value.event.host.name : value.event.kind],
  );

test('a new browser begins at the newest entry, and then gets what happens', async () => {
  const { made, join } = broadcast();
  const { stream } = join(null);
  const hello = await stream.next();
  expect(hello.value).toEqual({ id: 7, event: { kind: 'hello', revision: 'r1' } });
  made.tell(host('a'));
  made.tell(host('b'), 8);
  expect(ids(await stream.next(), await stream.next())).toEqual([
    [0, 'a'],
    [8, 'b'],
  ]);
});

test('what happens while the past is read comes after it, and nothing is missed', async () => {
  const past = Promise.withResolvers<readonly { id: number; event: StreamEvent }[]>();
  const { made, join } = broadcast({
    operationsSince: () => past.promise,
    progress: () => [host('progress')],
  });
  const { stream } = join(3);
  await stream.next();
  const first = stream.next();
  made.tell(host('live'), 9);
  past.resolve([{ id: 5, event: host('past') }]);
  expect(ids(await first, await stream.next(), await stream.next())).toEqual([
    [5, 'past'],
    [0, 'progress'],
    [9, 'live'],
  ]);
});

test('a browser that leaves ends its stream, while it waits or not, and its guest is let go', async () => {
  const unwatch = vi.fn();
  const watch = vi.fn(() => unwatch);
  const { made, join } = broadcast({ watch });
  const view = { hostId: 'alpha', uuid: '1' };
  const { stream, ended } = join(null, view);
  await stream.next();
  expect(watch).toHaveBeenCalledWith(view);
  const waiting = stream.next();
  ended.abort();
  expect((await waiting).done).toBe(true);
  expect(unwatch).toHaveBeenCalledOnce();
  made.tell(host('late'));
  expect((await stream.next()).done).toBe(true);
});

test('one that reads too slowly is ended rather than kept in memory; the others go on', async () => {
  const { made, join } = broadcast();
  const slow = join(null).stream;
  const quick = join(null).stream;
  await Promise.all([slow.next(), quick.next()]);
  for (let i = 0; i < 5000; i++) {
    made.tell(host('x'));
    await quick.next();
  }
  made.tell(host('last'));
  expect((await slow.next()).done).toBe(true);
  expect(ids(await quick.next())).toEqual([[0, 'last']]);
});

test('a stream that fails to read the past leaves nothing behind', async () => {
  const unwatch = vi.fn();
  const { join } = broadcast({
    operationsSince: () => Promise.reject(new Error('no database')),
    watch: () => unwatch,
  });
  const { stream } = join(3, { hostId: 'alpha', uuid: '1' });
  await stream.next();
  await expect(stream.next()).rejects.toThrow('no database');
  expect(unwatch).toHaveBeenCalledOnce();
});
