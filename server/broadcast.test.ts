import { expect, onTestFinished, test, vi } from 'vitest';
import { UNKNOWN_CAPABILITIES } from '../model/fleet/capabilities.ts';
import type { Progress } from '../model/operation/operation.ts';
import type { StreamEvent } from '../model/operation/stream-event.ts';
import { planFlatten } from '../model/plans/flatten.ts';
import { problem } from '../model/problem.ts';
import { chainOf, diskWith, FACTS, flattenTo, operationOf, REF } from '../model/testing.ts';
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
    capabilities: UNKNOWN_CAPABILITIES,
  },
});

const running = operationOf(planFlatten(REF, diskWith(chainOf('/a', '/b')), flattenTo(null), FACTS));
/** The operation after an entry of its journal. */
const operationAt = (id: number): StreamEvent => ({
  kind: 'operation',
  operation: running,
  newest: id,
  added: { entry: { id, operationId: running.id, at: id, event: { kind: 'started' } }, previous: id - 1 },
});
const progress: Progress = {
  operationId: running.id,
  step: 0,
  at: 1,
  position: 0,
  size: 1,
  grownBy: null,
  rate: null,
  work: null,
  memory: null,
  free: null,
};

type Past = Awaited<ReturnType<BroadcastParts['journal']['changedSince']>>;

function broadcast({
  changedSince = async () => [],
  ...parts
}: Partial<BroadcastParts> & { changedSince?: () => Promise<Past> } = {}) {
  const made = new Broadcast({
    revision: () => 'r1',
    journal: { newest: async () => 7, changedSince },
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

test('a new browser begins at the newest entry, and then gets every event', async () => {
  const { made, join } = broadcast();
  const { stream } = join(null);
  const hello = await stream.next();
  expect(hello.value).toEqual({ id: 7, event: { kind: 'hello', revision: 'r1' } });
  made.send(host('a'));
  made.send(operationAt(8));
  expect(ids(await stream.next(), await stream.next())).toEqual([
    [0, 'a'],
    [8, 'operation'],
  ]);
});

test('events that come while the past is read follow it, and none is missed', async () => {
  const past = Promise.withResolvers<Past>();
  const { made, join } = broadcast({ changedSince: () => past.promise, progress: () => [progress] });
  const { stream } = join(3);
  await stream.next();
  const first = stream.next();
  const live = operationAt(9);
  made.send(live);
  past.resolve([{ newest: 5, operation: running }]);
  expect((await first).value).toEqual({
    id: 5,
    event: { kind: 'operation', operation: running, newest: 5, added: null },
  });
  expect((await stream.next()).value).toEqual({ id: 0, event: { kind: 'progress', progress } });
  expect((await stream.next()).value).toEqual({ id: 9, event: live });
});

test('a browser that leaves ends its stream, whether it waits or not, and its guest is watched no more', async () => {
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
  made.send(host('late'));
  expect((await stream.next()).done).toBe(true);
});

test('the stream of a browser that reads too slowly is ended rather than kept in memory; the others continue', async () => {
  const { made, join } = broadcast();
  const slow = join(null).stream;
  const quick = join(null).stream;
  await Promise.all([slow.next(), quick.next()]);
  for (let i = 0; i < 5000; i++) {
    made.send(host('x'));
    await quick.next();
  }
  made.send(host('last'));
  expect((await slow.next()).done).toBe(true);
  expect(ids(await quick.next())).toEqual([[0, 'last']]);
});

test('a stream that fails to read the past leaves nothing behind', async () => {
  const unwatch = vi.fn();
  const { join } = broadcast({
    changedSince: () => Promise.reject(new Error('no database')),
    watch: () => unwatch,
  });
  const { stream } = join(3, { hostId: 'alpha', uuid: '1' });
  await stream.next();
  await expect(stream.next()).rejects.toThrow('no database');
  expect(unwatch).toHaveBeenCalledOnce();
});
