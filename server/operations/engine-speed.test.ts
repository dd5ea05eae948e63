import { expect, test, vi } from 'vitest';
import { Engine } from './engine.ts';
import { engineOn, REF } from './testing/engine-on.ts';

test('regression: a speed that was set before the job existed was forgotten', async () => {
  const { start, runs, host, engine, journal, refs } = engineOn();
  for (const ref of refs.slice(1, 3)) await start(ref);
  const id = await start(REF, 5);
  await engine.setSpeed(id, 9, 'a');
  expect(journal.operation(id).bandwidth).toBe(9);
  for (const ref of refs.slice(1, 2)) {
    host.end(ref, 'completed');
    engine.jobEnded({ ...ref, status: 'completed', reason: null });
  }
  await runs(REF);
  expect(host.calls.at(-1)).toBe('pull 0 /base 9');
});

test('a speed that is set while libvirt starts the job is set once the job exists', async () => {
  const { start, host, engine, journal } = engineOn();
  host.starting = () => engine.setSpeed(journal.all[0]?.operationId ?? '', 9, 'a');
  await start(REF, 5);
  await vi.waitFor(() => expect(host.calls).toEqual(['pull 0 /base 5', 'speed 0 9']));
});

test('a speed is written down before libvirt is asked; one that libvirt refuses is taken back, and its reason reported', async () => {
  const { start, runs, host, engine, journal } = engineOn();
  const id = await start(REF, 5);
  await runs(REF);
  await vi.waitFor(() => expect(journal.kinds(id)).toContain('step-running'));
  const written: string[] = [];
  host.setSpeed = () => {
    written.push(...journal.kinds(id));
    return Promise.reject(new Error('too fast'));
  };
  await expect(engine.setSpeed(id, 9, 'a')).rejects.toMatchObject({
    problem: { code: 'SPEED_REFUSED', params: { reason: 'too fast' } },
  });
  expect(written.at(-1)).toBe('speed-set');
  expect(journal.kinds(id).at(-1)).toBe('speed-refused');
  expect(journal.operation(id).bandwidth).toBe(5);
});

test('a speed that a process wrote down before it died is set by the next', async () => {
  const { start, runs, host, engine, journal, parts } = engineOn();
  const id = await start(REF, 5);
  await runs(REF);
  await vi.waitFor(() => expect(journal.kinds(id)).toContain('step-running'));
  await engine.stop();
  await journal.append(id, [{ kind: 'speed-set', bandwidth: 9, actor: 'a' }], 1);
  const next = new Engine(parts);
  await next.resume();
  await vi.waitFor(() => expect(host.calls).toEqual(['pull 0 /base 5', 'speed 0 9']));
  await next.stop();
});
