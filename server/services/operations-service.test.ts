import { expect, onTestFinished, test } from 'vitest';
import type { Intent } from '../../model/kinds/kinds.ts';
import { flattenTo } from '../../model/testing.ts';
import { Engine } from '../operations/engine.ts';
import { engineOn } from '../operations/testing/engine-on.ts';
import { openStore } from '../store/store.ts';
import { temporaryDirectory } from '../store/testing.ts';
import { operationsService } from './operations-service.ts';

/** The service with an engine on a fake host and a real journal. */
async function service() {
  const directory = temporaryDirectory();
  const store = await openStore(`${directory.path}/backchain.db`);
  const { parts, refs, runs, host } = engineOn();
  const engine = new Engine({ ...parts, journal: store.journal });
  onTestFinished(async () => {
    await engine.stop();
    await store.close();
    directory[Symbol.dispose]();
  });
  const [ref = { hostId: '', uuid: '', target: '' }] = refs;
  const guest = { hostId: ref.hostId, uuid: ref.uuid };
  const intent: Intent = flattenTo('/base');
  const made = operationsService({ engine, journal: store.journal });
  const start = async () => {
    const { fingerprint } = await parts.planner.preview(guest, intent);
    const operation = await made.start({ guest, intent, fingerprint, bandwidth: 0, actor: 'ada' });
    await runs(ref);
    return operation;
  };
  return { made, start, guest, host };
}

test('an operation that is started is listed, counted among the facets, and has its journal', async () => {
  const { made, start, guest } = await service();
  const { id } = await start();
  expect((await made.list({ limit: 9, uuid: guest.uuid })).map((one) => one.id)).toEqual([id]);
  expect(await made.list({ limit: 9, actor: 'bob' })).toEqual([]);
  expect((await made.facets()).actors).toEqual(['ada']);
  const found = await made.get(id);
  expect(found?.operation).toMatchObject({ id, state: 'running', actor: 'ada' });
  expect(found?.entries.map(({ event }) => event.kind).slice(0, 3)).toEqual([
    'created',
    'started',
    'step-intended',
  ]);
});

test('an operation that nobody started is not there', async () => {
  const { made } = await service();
  expect(await made.get('none')).toBeNull();
});

test('the journal says who set the speed and who cancelled; what does not apply is refused', async () => {
  const { made, start, host } = await service();
  const { id } = await start();
  await made.setSpeed(id, 4096, 'bob');
  await expect(made.resume(id, 'bob')).rejects.toMatchObject({ problem: { code: 'NOT_PAUSED' } });
  await made.cancel(id, 'eve');
  const { entries = [] } = (await made.get(id)) ?? {};
  const asked = entries.flatMap(({ event }) => ('actor' in event ? [[event.kind, event.actor]] : []));
  expect(asked).toEqual([
    ['speed-set', 'bob'],
    ['cancel-asked', 'eve'],
  ]);
  expect(host.calls).toContain('speed 0 4096');
  await expect(made.cancel('none', 'eve')).rejects.toMatchObject({ problem: { code: 'OPERATION_OVER' } });
});
