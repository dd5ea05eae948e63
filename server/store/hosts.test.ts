import { expect, it } from 'vitest';
import { openStore } from './store.ts';
import { temporaryDirectory } from './testing.ts';

it('keeps hosts, each URI once', async () => {
  using directory = temporaryDirectory();
  const { hosts, close } = await openStore(`${directory.path}/backchain.db`);
  const alpha = { id: 'alpha', uri: 'qemu+ssh://alpha/system', name: 'alpha', addedAt: 1 };
  const beta = { id: 'beta', uri: 'qemu+ssh://beta/system', name: 'beta', addedAt: 2 };
  await hosts.add(beta);
  await hosts.add(alpha);
  expect(await hosts.all()).toEqual([alpha, beta]);
  await expect(hosts.add({ ...alpha, id: 'other' })).rejects.toMatchObject({
    kind: 'conflict',
    problem: { code: 'HOST_KNOWN', params: { uri: alpha.uri } },
  });
  expect(await hosts.remove('alpha')).toBe(true);
  expect(await hosts.remove('alpha')).toBe(false);
  expect(await hosts.all()).toEqual([beta]);
  await close();
});
