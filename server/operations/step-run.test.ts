import { expect, test, vi } from 'vitest';
import { lastSeenAt } from '../../model/operation/operation.ts';
import { freeSpaceOf } from '../../model/testing.ts';
import { Engine } from './engine.ts';
import { engineOn } from './testing/engine-on.ts';

const REF = { hostId: 'alpha', uuid: '0', target: 'vda' };
const NO_SPACE = 'No space left on device';
const PLENTY = freeSpaceOf(2 ** 40, { reserve: 2 ** 20 });
const NOTHING = freeSpaceOf(0, { reserve: 2 ** 20 });

/** A pull that runs, by an engine on a host where free space can be measured. */
async function running() {
  const parts = engineOn();
  parts.host.freeSpace = PLENTY;
  const id = await parts.start(REF);
  await parts.runs(REF);
  await vi.waitFor(() => expect(parts.journal.kinds(id)).toContain('step-running'));
  return { ...parts, id };
}

test('work that met a full file system waits for space, and the next process begins it again', async () => {
  const { host, engine, journal, id, parts, runs, end, reached } = await running();
  host.freeSpace = NOTHING;
  end(REF, 'failed', NO_SPACE);
  await vi.waitFor(() => expect(journal.kinds(id)).toContain('step-out-of-space'));
  expect(journal.operation(id)).toMatchObject({ state: 'running', paused: { free: 0 } });
  await engine.stop();
  const next = new Engine(parts);
  host.freeSpace = PLENTY;
  await next.resume();
  await runs(REF);
  expect(host.calls).toEqual(['pull 0 /base 0', 'pull 0 /base 0']);
  end(REF, 'completed');
  next.jobEnded({ ...REF, status: 'completed', reason: null });
  await reached(id, 'succeeded');
  expect(journal.operation(id)).toMatchObject({ paused: null, problem: null });
});

test('work that found no space where there seems to be some has failed', async () => {
  const { end, journal, id, reached } = await running();
  end(REF, 'failed', NO_SPACE);
  await reached(id, 'failed');
  expect(journal.operation(id).problem).toMatchObject({
    code: 'PULL_FAILED',
    params: { reason: NO_SPACE },
  });
});

test('work that met a full file system while it was being cancelled ends', async () => {
  const { host, engine, journal, id, end, reached } = await running();
  await engine.cancel(id, 'a');
  host.freeSpace = NOTHING;
  end(REF, 'failed', NO_SPACE);
  await reached(id, 'failed');
  expect(journal.kinds(id)).not.toContain('step-out-of-space');
});

test('regression: the end of a job was dated when the next process found it', async () => {
  const { host, engine, journal, id, parts, reached } = await running();
  await engine.stop();
  const left = Date.now();
  host.end(REF, 'completed');
  const hour = 3_600_000;
  const next = new Engine({ ...parts, clock: () => Date.now() + hour });
  await next.resume();
  await reached(id, 'succeeded');
  const operation = journal.operation(id);
  expect(lastSeenAt(operation)).toBeLessThanOrEqual(left);
  expect(operation.endedAt).toBeGreaterThanOrEqual(left + hour);
});

test('a job whose end was seen is dated as it ended', async () => {
  const { journal, id, end, reached } = await running();
  end(REF, 'completed');
  await reached(id, 'succeeded');
  expect(lastSeenAt(journal.operation(id))).toBeNull();
});

test('regression: a limit that was asked for while libvirt started a job was lost with the process', async () => {
  const { start, engine, host, journal, parts } = engineOn();
  const { promise, resolve } = Promise.withResolvers<void>();
  // The job is there, and the process dies before libvirt's answer.
  host.starting = async () => {
    host.begin(REF, null, 5);
    resolve();
    await new Promise(() => {});
  };
  const id = await start(REF, 5);
  await promise;
  await engine.setSpeed(id, 9, 'a');
  const next = new Engine(parts);
  await next.resume();
  await vi.waitFor(() => expect(host.calls.slice(1)).toEqual(['speed 0 9']));
  expect(journal.kinds(id).at(-1)).toBe('step-running');
  await next.stop();
});
