import { expect, test } from 'vitest';
import { openStore } from './store.ts';
import { temporaryDirectory } from './testing.ts';

test('an image is kept on its host in the name of the first person, until it is released', async () => {
  using directory = temporaryDirectory();
  const file = `${directory.path}/backchain.db`;
  const store = await openStore(file);
  const golden = { hostId: 'alpha', path: '/vm/golden', actor: 'ada', at: 1 };
  await store.kept.keep(golden);
  await store.kept.keep({ ...golden, actor: 'bob', at: 2 });
  await store.kept.keep({ ...golden, hostId: 'beta' });
  await store.close();
  const again = await openStore(file);
  expect(await again.kept.all()).toEqual([golden, { ...golden, hostId: 'beta' }]);
  await again.kept.release('alpha', '/vm/golden');
  await again.kept.release('alpha', '/vm/other');
  expect(await again.kept.all()).toEqual([{ ...golden, hostId: 'beta' }]);
  await again.close();
});
