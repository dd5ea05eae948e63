import { expect, test, vi } from 'vitest';
import { Engine } from './engine.ts';
import { engineOn, REF } from './testing/engine-on.ts';

test('regression: the journal did not say that the next process had taken up a running job', async () => {
  const { start, runs, journal, engine, parts } = engineOn();
  const id = await start(REF);
  await runs(REF);
  await vi.waitFor(() => expect(journal.kinds(id)).toContain('step-running'));
  await engine.stop();
  const next = new Engine(parts);
  await next.resume();
  const running = () => journal.all.map(({ event }) => event).filter(({ kind }) => kind === 'step-running');
  await vi.waitFor(() => expect(running()).toMatchObject([{ adopted: false }, { adopted: true }]));
  await next.stop();
});

test('the next process takes up what runs, what waits and what was to be cancelled', async () => {
  const { start, runs, end, host, engine, refs, journal, parts, reached } = engineOn();
  const ids: string[] = [];
  for (const ref of refs) ids.push(await start(ref));
  const [zero, one, two] = refs;
  if (!zero || !one || !two) throw new Error('There are five');
  await Promise.all([runs(zero), runs(one)]);
  await engine.stop();
  await journal.append(ids[3] ?? '', [{ kind: 'cancel-asked', actor: 'a' }], 1);
  host.end(zero, 'completed');
  const next = new Engine(parts);
  await next.resume();
  await reached(ids[0] ?? '', 'succeeded');
  await reached(ids[3] ?? '', 'cancelled');
  await runs(two);
  host.end(one, 'completed');
  next.jobEnded({ ...one, status: 'completed', reason: null });
  await reached(ids[1] ?? '', 'succeeded');
  end(two, 'completed');
});
