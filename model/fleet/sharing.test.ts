import { expect, test } from 'vitest';
import { chainOf, diskWith, guestWith } from '../testing.ts';
import { imageUsers } from './sharing.ts';

test('every image has its users, shut off or empty drives or not', () => {
  const one = guestWith(diskWith(chainOf('/a', '/base')));
  const two = guestWith(diskWith(chainOf('/b', '/base')), { uuid: 'two', name: 'two', state: 'shutoff' });
  const none = guestWith(diskWith(null), { uuid: 'none' });
  const users = imageUsers([one, two, none]);
  expect(users.get('/base')?.map(({ guestName, target }) => [guestName, target])).toEqual([
    ['web-1', 'vda'],
    ['two', 'vda'],
  ]);
  expect(users.get('/a')).toHaveLength(1);
  expect(users.size).toBe(3);
});
